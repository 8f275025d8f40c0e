package io.vl3.vpp.internal.direct;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink;
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

/**
 * What VPP has to do so that interfaces that it has are as they are wanted, or go. {@link
 * FaceMaking} is the turn before, in which it makes and numbers them. Used for one batch.
 */
final class FaceOrders {

  /** VPP's refusal to delete what it does not have. */
  static final Set<Integer> NOT_THERE = Set.of(-2);

  private static final int UP = 1;

  private final Orders orders;
  private final Image image;
  private final SocketOrders sockets;
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
    this.sockets = new SocketOrders(orders, image);
    items.forEach(item -> wanted.put(item.name(), (Interface) item.message()));
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
    face.memif().ifPresent(memif -> sockets.release(memif.socket()));
  }

  /** What deletes an interface. */
  static ApiMessage deletion(Face face) {
    return face.device()
        .map(device -> ApiMessage.of("af_packet_delete").with("host_if_name", device))
        .orElseGet(
            () -> of(face.kind() == Face.Kind.MEMIF ? "memif_delete" : "delete_loopback", face));
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
    return !face.memif().equals(Optional.of(Face.Memif.of(link)))
        || told.map(before -> ((Interface) before.message()).getMemif())
            .filter(before -> !before.equals(link))
            .isPresent();
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
