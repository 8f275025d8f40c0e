package io.vl3.vpp.internal.direct;

import io.vl3.api.ligato.vpp.interfaces.AfpacketLink;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.interfaces.MemifLink;
import io.vl3.api.ligato.vpp.interfaces.MemifLink.MemifMode;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpFamily;
import io.vl3.vpp.internal.Item;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** An interface that VPP has, and what is configured on it as far as is known. Not thread-safe. */
final class Face {

  /** The kind of an interface, by the name of its device. */
  enum Kind {
    MEMIF,
    LOOPBACK,
    HOST,
    OTHER;

    static Kind of(String device) {
      return switch (device) {
        case "memif" -> MEMIF;
        case "Loopback" -> LOOPBACK;
        case "af-packet" -> HOST;
        default -> OTHER;
      };
    }
  }

  /**
   * A memif's own part.
   *
   * @param id the number that both sides know it by
   * @param master whether it listens
   * @param ethernet frames (true) or packets (false)
   * @param socket the socket as VPP names it
   */
  record Memif(long id, boolean master, boolean ethernet, String socket) {

    /** What VPP shows of one that is made as wanted. */
    static Memif of(MemifLink link) {
      return new Memif(
          Integer.toUnsignedLong(link.getId()),
          link.getMaster(),
          link.getMode() == MemifMode.ETHERNET,
          link.getSocketFilename());
    }
  }

  private final int index;
  private final Kind kind;
  private final String vppName;
  private String tag;
  private String mac = "";
  private Optional<Memif> memif = Optional.empty();
  private Optional<String> device = Optional.empty();
  private boolean adminUp;
  private boolean linkUp;
  private int mtuBytes;
  private int table;
  private Optional<Integer> lender = Optional.empty();
  private final Set<String> addresses = new LinkedHashSet<>();
  private boolean inOrder = true;

  Face(int index, Kind kind, String vppName, String tag) {
    this.index = index;
    this.kind = kind;
    this.vppName = vppName;
    this.tag = tag;
  }

  int index() {
    return index;
  }

  Kind kind() {
    return kind;
  }

  /** Its name: the tag that was put on it, else VPP's own name. */
  String name() {
    return tag.isEmpty() ? vppName : tag;
  }

  /** VPP's own name of it; empty if it was made since the last look. */
  String vppName() {
    return vppName;
  }

  boolean isTagged() {
    return !tag.isEmpty();
  }

  void tag(String changed) {
    tag = changed;
  }

  /** Its hardware address, in digits. */
  String mac() {
    return mac;
  }

  void mac(String changed) {
    mac = changed;
  }

  Optional<Memif> memif() {
    return memif;
  }

  void memif(Memif changed) {
    memif = Optional.of(changed);
  }

  /** The interface of the kernel that it takes for itself. */
  Optional<String> device() {
    return device;
  }

  void device(String changed) {
    device = Optional.of(changed);
  }

  boolean adminUp() {
    return adminUp;
  }

  boolean linkUp() {
    return linkUp;
  }

  void flags(boolean admin, boolean link) {
    adminUp = admin;
    linkUp = link;
  }

  int mtuBytes() {
    return mtuBytes;
  }

  void mtuBytes(int changed) {
    mtuBytes = changed;
  }

  int table() {
    return table;
  }

  void table(int changed) {
    table = changed;
  }

  /** The interface whose addresses it shows. */
  Optional<Integer> lender() {
    return lender;
  }

  void lender(Optional<Integer> changed) {
    lender = changed;
  }

  /** Its own addresses, as {@link InterfaceAddress} writes them, in VPP's order. */
  Set<String> addresses() {
    return addresses;
  }

  /**
   * Gets an address, after the others, or loses it.
   *
   * @return whether another than before may be the first of its family now
   */
  boolean change(String address, boolean add) {
    IpFamily family = InterfaceAddress.parse(address).family();
    Optional<String> before = first(family);
    boolean unused = add ? addresses.add(address) : addresses.remove(address);
    return !inOrder || !before.equals(first(family));
  }

  /** VPP refused the change; where the address is among the others is not known any more. */
  void takeBack(String address, boolean add) {
    boolean unused = add ? addresses.remove(address) : addresses.add(address);
    inOrder &= add;
  }

  private Optional<String> first(IpFamily family) {
    return addresses.stream()
        .filter(address -> InterfaceAddress.parse(address).family() == family)
        .findFirst();
  }

  /**
   * Whether a read shows it as it is known, but for whether somebody is at its other end. What VPP
   * chose itself is known only of what was there at an earlier read.
   */
  boolean isAs(Face read) {
    return kind == read.kind
        && tag.equals(read.tag)
        && (vppName.isEmpty() || vppName.equals(read.vppName))
        && (mac.isEmpty() || mac.equals(read.mac))
        && (mtuBytes == 0 || mtuBytes == read.mtuBytes)
        && memif.equals(read.memif)
        && device.equals(read.device)
        && adminUp == read.adminUp
        && table == read.table
        && lender.equals(read.lender)
        && addresses.equals(read.addresses);
  }

  /**
   * As the object that would make it so.
   *
   * @param lenderName the name of the interface whose addresses it shows
   */
  Item item(Optional<String> lenderName) {
    Interface.Builder face =
        Interface.newBuilder()
            .setName(name())
            .setType(
                switch (kind) {
                  case MEMIF -> Interface.Type.MEMIF;
                  case LOOPBACK -> Interface.Type.SOFTWARE_LOOPBACK;
                  case HOST -> Interface.Type.AF_PACKET;
                  case OTHER -> Interface.Type.UNDEFINED_TYPE;
                })
            .setEnabled(adminUp)
            .setMtu(mtuBytes)
            .setVrf(table)
            .addAllIpAddresses(addresses);
    lenderName.ifPresent(
        name ->
            face.clearVrf()
                .setUnnumbered(Interface.Unnumbered.newBuilder().setInterfaceWithIp(name)));
    device.ifPresent(name -> face.setAfpacket(AfpacketLink.newBuilder().setHostIfName(name)));
    memif.ifPresent(
        link ->
            face.setMemif(
                MemifLink.newBuilder()
                    .setId((int) link.id())
                    .setMaster(link.master())
                    .setMode(link.ethernet() ? MemifMode.ETHERNET : MemifMode.IP)
                    .setSocketFilename(link.socket())));
    return Item.of(face.build());
  }

  @Override
  public String toString() {
    return "%d %s".formatted(index, name());
  }
}
