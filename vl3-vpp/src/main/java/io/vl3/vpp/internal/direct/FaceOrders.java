package io.vl3.vpp.internal.direct;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink;
import io.vl3.api.ligato.vpp.interfaces.MemifLink.MemifMode;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpFamily;
import io.vl3.vpp.api.ApiBytes;
import io.vl3.vpp.api.ApiMessage;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.internal.OwnerNames;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What VPP has to do so that interfaces are as they are wanted: made in the first turn, in which
 * VPP numbers them, and configured in the second. Used for one batch.
 */
final class FaceOrders {

  private static final List<String> CREATE = List.of("memif_create_v2", "memif_create");
  private static final List<String> SOCKET =
      List.of("memif_socket_filename_add_del_v2", "memif_socket_filename_add_del");

  /** The beginning of a socket's name that is no file's. */
  private static final String ABSTRACT = "abstract:";

  /** The file of a number that VPP did not give us: somebody has it. */
  private static final String UNKNOWN = "";

  private static final Set<Integer> NOT_THERE = Set.of(-2);

  private static final int UP = 1;

  /** Of the modes of a host interface the one with frames. */
  private static final int ETHERNET = 1;

  private final Orders orders;
  private final Image image;
  private final Map<String, Interface> wanted = new HashMap<>();
  private final Set<Integer> changed = new HashSet<>();
  private final Set<Integer> borrowed = new HashSet<>();

  /**
   * Orders for a batch.
   *
   * @param items the interfaces that shall be
   */
  FaceOrders(Orders orders, Image image, Collection<Item> items) {
    this.orders = orders;
    this.image = image;
    items.forEach(item -> wanted.put(item.name(), (Interface) item.message()));
  }

  /** Makes an interface; VPP has it without its name until it is told. */
  void create(Item item, Consumer<Face> made) {
    Interface face = (Interface) item.message();
    if (face.hasMemif()) {
      createMemif(item, face.getMemif(), made);
    } else if (face.getType() == Interface.Type.AF_PACKET) {
      createHost(item, face.getAfpacket().getHostIfName(), made);
    } else if (face.getType() == Interface.Type.SOFTWARE_LOOPBACK) {
      orders.ask(
          item.key(),
          ApiMessage.of("create_loopback").with("mac_address", mac(item.name())),
          reply -> made.accept(made(reply, Face.Kind.LOOPBACK, item)));
    } else {
      orders.refuse(
          item.key(), "type: %s (expected: memif, loopback, af_packet)".formatted(face.getType()));
    }
  }

  private void createMemif(Item item, MemifLink link, Consumer<Face> made) {
    String file = link.getSocketFilename();
    if (file.startsWith(ABSTRACT) && !opensAbstract()) {
      orders.refuse(
          item.key(),
          ("socket %s: not of this VPP (expected: a file, by dataplane.memif.socketDirectory,"
                  + " or VPP 23.06 or later)")
              .formatted(file));
      return;
    }
    orders.ask(
        item.key(),
        ApiMessage.of(orders.newest(CREATE))
            .with("role", link.getMaster() ? 0 : 1)
            .with("mode", link.getMode().getNumber())
            .with("rx_queues", link.getRxQueues())
            .with("tx_queues", link.getTxQueues())
            .with("id", Integer.toUnsignedLong(link.getId()))
            .with("socket_id", socket(item, file))
            .with("ring_size", link.getRingSize())
            .with("buffer_size", link.getBufferSize())
            .with("hw_addr", mac(item.name()))
            .with("secret", link.getSecret()),
        reply -> {
          Face face = made(reply, Face.Kind.MEMIF, item);
          image.memif(face, memif(link));
          if (orders.isRefused(item.key())) {
            takeBack(item.key(), face);
          } else {
            made.accept(face);
          }
        });
  }

  /** An earlier VPP makes a file of that name; both came in one release. */
  private boolean opensAbstract() {
    return orders.newest(SOCKET).equals(SOCKET.get(0));
  }

  private void createHost(Item item, String device, Consumer<Face> made) {
    ApiMessage create =
        ApiMessage.of(orders.newest(UsedMessages.HOST))
            .with("host_if_name", device)
            .with("hw_addr", mac(item.name()));
    orders.ask(
        item.key(),
        create.name().equals(UsedMessages.HOST.get(0))
            ? create.with("mode", ETHERNET).with("num_rx_queues", 1).with("num_tx_queues", 1)
            : create,
        reply -> {
          Face face = made(reply, Face.Kind.HOST, item);
          face.device(device);
          made.accept(face);
        });
  }

  private Face made(ApiMessage reply, Face.Kind kind, Item item) {
    Face face = new Face(reply.intValue("sw_if_index"), kind, "", item.name());
    image.add(face);
    return face;
  }

  /**
   * Part of making it was refused, such as the number of its socket: then it is at the socket of
   * who has the number.
   */
  private void takeBack(String key, Face face) {
    image.remove(face);
    orders.add(key, deletion(face), NOT_THERE, () -> image.add(face));
  }

  /** The number of a socket's file: the one that it has, or a free one. */
  private long socket(Item item, String file) {
    Optional<Long> known = image.sockets().number(file);
    if (known.isPresent()) {
      return known.get();
    }
    long free = image.sockets().free(file);
    image.addSocket(free, file);
    Runnable taken = () -> image.addSocket(free, UNKNOWN);
    orders.add(item.key(), socketMessage(true, free, file), Set.of(), taken);
    return free;
  }

  private ApiMessage socketMessage(boolean add, long number, String file) {
    return ApiMessage.of(orders.newest(SOCKET))
        .with("is_add", add)
        .with("socket_id", number)
        .with("socket_filename", file);
  }

  /** Tells VPP an interface's name. */
  void name(String key, Face face) {
    orders.add(
        key,
        of("sw_interface_tag_add_del", face).with("is_add", true).with("tag", face.name()),
        Set.of(),
        () -> {});
  }

  /** Takes away what an interface shall not have, before others get it. */
  void reduce(Item item, Face face) {
    Interface shall = (Interface) item.message();
    boolean moves = face.table() != table(shall);
    if (face.lender().isPresent() && (moves || !face.lender().equals(lender(shall)))) {
      unnumbered(item.key(), face, face.lender().get(), false);
    }
    Set<String> kept = addresses(shall);
    for (String address : List.copyOf(face.addresses())) {
      if (moves || !kept.contains(address)) {
        address(item.key(), face, address, false);
      }
    }
    if (moves) {
      move(item.key(), face, table(shall));
    }
  }

  /** Gives an interface what it shall have. Lenders come first. */
  void extend(Item item, Face face) {
    Interface shall = (Interface) item.message();
    Optional<Integer> lender = lender(shall);
    if (shall.hasUnnumbered() && lender.isEmpty()) {
      orders.refuse(
          item.key(),
          "unnumbered: %s (expected: an interface that is there)"
              .formatted(shall.getUnnumbered().getInterfaceWithIp()));
    }
    lender
        .filter(index -> !face.lender().equals(Optional.of(index)))
        .ifPresent(index -> unnumbered(item.key(), face, index, true));
    for (String address : addresses(shall)) {
      if (!face.addresses().contains(address)) {
        address(item.key(), face, address, true);
      }
    }
    if (shall.getMtu() != 0 && shall.getMtu() != face.mtuBytes()) {
      mtu(item.key(), face, shall.getMtu());
    }
    if (shall.getEnabled() != face.adminUp()) {
      enable(item.key(), face, shall.getEnabled());
    }
  }

  private void enable(String key, Face face, boolean up) {
    image.touch(face);
    face.flags(up, face.linkUp());
    orders.add(key, flags(face, up), Set.of(), () -> face.flags(!up, face.linkUp()));
  }

  /** Has VPP look at once whether somebody is at its other end. */
  void switchOffAndOn(Face face) {
    orders.addQuietly(flags(face, false), () -> {});
    orders.addQuietly(flags(face, true), () -> {});
  }

  private static ApiMessage flags(Face face, boolean up) {
    return of("sw_interface_set_flags", face).with("flags", up ? UP : 0);
  }

  /**
   * Has those who show another's addresses look again: VPP keeps for each where the other's first
   * address was when it was told. As long as that is the first one they need not look.
   */
  void lendAgain() {
    for (int lender : changed) {
      for (Face face : image.borrowers(lender)) {
        if (!borrowed.contains(face.index())) {
          unnumbered(Item.interfaceKey(face.name()), face, lender, true);
        }
      }
    }
  }

  /** Takes an interface away with all that is on it; its socket's name goes with the last one. */
  void delete(String key, Face face) {
    face.lender().ifPresent(lender -> unnumbered(key, face, lender, false));
    if (!face.addresses().isEmpty()) {
      List<String> had = List.copyOf(face.addresses());
      face.addresses().clear();
      orders.addQuietly(
          of("sw_interface_add_del_address", face).with("del_all", true),
          () -> face.addresses().addAll(had));
    }
    image.remove(face);
    orders.add(key, deletion(face), NOT_THERE, () -> image.add(face));
    face.memif().ifPresent(memif -> releaseSocket(memif.socket()));
  }

  private static ApiMessage deletion(Face face) {
    return face.device()
        .map(device -> ApiMessage.of("af_packet_delete").with("host_if_name", device))
        .orElseGet(
            () -> of(face.kind() == Face.Kind.MEMIF ? "memif_delete" : "delete_loopback", face));
  }

  /** Takes a socket's name away, unless an interface has it. */
  void releaseSocket(String file) {
    Optional<Long> number = image.sockets().number(file).filter(id -> id != 0);
    if (number.isPresent() && !image.sockets().isUsed(file)) {
      long id = number.get();
      image.removeSocket(id);
      orders.addQuietly(socketMessage(false, id, file), () -> image.addSocket(id, file));
    }
  }

  /** Whether the interface can only become as wanted by being made anew. */
  static boolean mustBeAnew(Item item, Face face, Optional<Item> told) {
    Interface shall = (Interface) item.message();
    if (shall.hasAfpacket()) {
      return !face.device().equals(Optional.of(shall.getAfpacket().getHostIfName()));
    }
    if (!shall.hasMemif()) {
      return face.kind() != Face.Kind.LOOPBACK;
    }
    MemifLink link = shall.getMemif();
    return !face.memif().equals(Optional.of(memif(link)))
        || told.map(before -> ((Interface) before.message()).getMemif())
            .filter(before -> !before.equals(link))
            .isPresent();
  }

  /** What VPP shows of a memif that is made as wanted; empty if it is none. */
  static Optional<Face.Memif> memif(Item item) {
    return Optional.of((Interface) item.message())
        .filter(Interface::hasMemif)
        .map(face -> memif(face.getMemif()));
  }

  private static Face.Memif memif(MemifLink link) {
    return new Face.Memif(
        Integer.toUnsignedLong(link.getId()),
        link.getMaster(),
        link.getMode() == MemifMode.ETHERNET,
        link.getSocketFilename());
  }

  private void unnumbered(String key, Face face, int lender, boolean add) {
    borrowed.add(face.index());
    Optional<Integer> before = face.lender();
    image.lend(add ? Optional.of(lender) : Optional.empty(), face);
    orders.add(
        key,
        ApiMessage.of("sw_interface_set_unnumbered")
            .with("sw_if_index", lender)
            .with("unnumbered_sw_if_index", face.index())
            .with("is_add", add),
        Set.of(),
        () -> image.lend(before, face));
  }

  private void address(String key, Face face, String address, boolean add) {
    image.touch(face);
    if (face.change(address, add)) {
      changed.add(face.index());
    }
    orders.add(
        key,
        of("sw_interface_add_del_address", face)
            .with("is_add", add)
            .with("prefix", IpValues.prefix(InterfaceAddress.parse(address))),
        Set.of(),
        () -> face.takeBack(address, add));
  }

  /** To a table: of the families that it has. */
  private void move(String key, Face face, int table) {
    image.touch(face);
    int before = face.table();
    face.table(table);
    for (IpFamily family : IpFamily.values()) {
      if (image.has(table, family)) {
        orders.add(
            key,
            of("sw_interface_set_table", face)
                .with("is_ipv6", family == IpFamily.IPV6)
                .with("vrf_id", table),
            Set.of(),
            () -> face.table(before));
      }
    }
  }

  private void mtu(String key, Face face, int bytes) {
    image.touch(face);
    int before = face.mtuBytes();
    face.mtuBytes(bytes);
    Runnable revert = () -> face.mtuBytes(before);
    if (face.memif().filter(Face.Memif::ethernet).isPresent()) {
      orders.add(key, of("hw_interface_set_mtu", face).with("mtu", bytes), Set.of(), revert);
    }
    orders.add(
        key,
        of("sw_interface_set_mtu", face).with("mtu", List.of(bytes, 0, 0, 0)),
        Set.of(),
        revert);
  }

  /** An interface that shows another's addresses belongs to the other's table. */
  private int table(Interface shall) {
    if (!shall.hasUnnumbered()) {
      return shall.getVrf();
    }
    String lender = shall.getUnnumbered().getInterfaceWithIp();
    return Optional.ofNullable(wanted.get(lender))
        .map(Interface::getVrf)
        .or(() -> image.face(lender).map(Face::table))
        .orElse(shall.getVrf());
  }

  private Optional<Integer> lender(Interface shall) {
    return shall.hasUnnumbered()
        ? image.face(shall.getUnnumbered().getInterfaceWithIp()).map(Face::index)
        : Optional.empty();
  }

  private static Set<String> addresses(Interface face) {
    Set<String> all = new LinkedHashSet<>();
    for (String text : face.getIpAddressesList()) {
      all.add(InterfaceAddress.parse(text).toString());
    }
    return all;
  }

  private static ApiMessage of(String message, Face face) {
    return ApiMessage.of(message).with("sw_if_index", face.index());
  }

  /** An interface's hardware address, which follows from its name. */
  static ApiBytes mac(String name) {
    return ApiBytes.of(HexFormat.of().parseHex(OwnerNames.macOf(name)));
  }
}
