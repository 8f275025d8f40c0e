package io.vl3.linux.internal;

import io.vl3.dataplane.Attachment.VxlanTunnel;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Interfaces and addresses of one network namespace, and the way to its routes.
 *
 * <p>Not thread-safe. Calls block until the kernel has confirmed, at most for the timeout. While it
 * is open the namespace lives on: close it soon.
 */
public final class RtNetlink implements AutoCloseable {

  static final int IFLA_ADDRESS = 1;
  static final int IFLA_IFNAME = 3;
  static final int IFLA_MTU = 4;
  static final int IFLA_LINKINFO = 18;
  static final int IFLA_IFALIAS = 20;
  static final int IFLA_GROUP = 27;
  static final int INFO_KIND = 1;

  static final int IFLA_AF_SPEC = 26;
  private static final int AF_INET6 = 10;
  private static final int ADDR_GEN_MODE = 8;
  private static final int ADDR_GEN_MODE_NONE = 1;
  private static final int IFLA_NET_NS_FD = 28;
  private static final int INFO_DATA = 2;
  private static final int VETH_INFO_PEER = 1;
  private static final int VXLAN_ID = 1;
  private static final int VXLAN_REMOTE = 2;
  private static final int VXLAN_LOCAL = 4;
  private static final int VXLAN_LEARNING = 7;
  private static final int VXLAN_PORT = 15;
  private static final int VXLAN_REMOTE6 = 16;
  private static final int VXLAN_LOCAL6 = 17;

  private static final int NEWLINK = 16;
  private static final int DELLINK = 17;
  private static final int GETLINK = 18;
  private static final int NEWADDR = 20;
  private static final int DELADDR = 21;
  private static final int GETADDR = 22;

  private static final int CREATE_NEW = NetlinkMessage.CREATE | NetlinkMessage.EXCL;

  private static final int IFF_UP = 1;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int IFA_FLAGS = 8;
  private static final int IFA_F_NODAD = 2;
  private static final int ADDRESS_FIXED = 8;
  private static final int ADDRESS_INDEX = 4;

  private final NetlinkSocket socket;
  private final RouteTable routeTable;
  private final NeighbourTable neighbours;

  private RtNetlink(NetlinkSocket socket) {
    this.socket = socket;
    this.routeTable = new RouteTable(socket);
    this.neighbours = new NeighbourTable(socket);
  }

  /** Opens the network namespace of the calling thread. */
  public static RtNetlink open(Duration timeout) throws NetlinkException {
    return new RtNetlink(NetlinkSocket.open(timeout));
  }

  /** The interface of that name. */
  public Optional<LinkInfo> link(String name) throws NetlinkException {
    return get(linkMessage("show interface " + name, GETLINK, 0, 0).text(IFLA_IFNAME, name));
  }

  /** All interfaces. */
  public List<LinkInfo> links() throws NetlinkException {
    return socket.dump(linkMessage("list interfaces", GETLINK, 0, 0)).stream()
        .map(LinkInfo::of)
        .toList();
  }

  /** All interfaces with what has passed over them. */
  public List<LinkTraffic> traffic() throws NetlinkException {
    return socket.dump(linkMessage("list interfaces", GETLINK, 0, 0)).stream()
        .map(LinkTraffic::of)
        .toList();
  }

  /** The addresses of all interfaces, by the interface's index. */
  public Map<Integer, List<InterfaceAddress>> addresses() throws NetlinkException {
    Map<Integer, List<InterfaceAddress>> byIndex = new HashMap<>();
    NetlinkMessage message = new NetlinkMessage("list addresses", GETADDR, 0).address(0, 0, 0);
    for (NetlinkReply reply : socket.dump(message)) {
      local(reply)
          .ifPresent(
              address ->
                  byIndex
                      .computeIfAbsent(reply.number(ADDRESS_INDEX), none -> new ArrayList<>())
                      .add(new InterfaceAddress(address, reply.octet(1))));
    }
    return byIndex;
  }

  /**
   * Creates both ends of a veth pair, the other one in the given namespace. Each is given a
   * hardware address of its own: one that the kernel chose may be changed by the machine's device
   * manager.
   */
  public void createVeth(String name, String peer, NetnsHandle peerNamespace, int mtu, int group)
      throws NetlinkException {
    NetlinkMessage message =
        linkMessage("create veth " + name + " - " + peer, NEWLINK, CREATE_NEW, 0);
    common(message, name, mtu, group);
    message.raw(IFLA_ADDRESS, MacAddress.random().toBytes());
    message.nest(
        IFLA_LINKINFO,
        () -> {
          message.text(INFO_KIND, "veth");
          message.nest(
              INFO_DATA,
              () ->
                  message.nest(
                      VETH_INFO_PEER,
                      () -> {
                        message.link(0, 0, 0);
                        common(message, peer, mtu, group);
                        message.raw(IFLA_ADDRESS, MacAddress.random().toBytes());
                        message.number(IFLA_NET_NS_FD, peerNamespace.descriptor());
                      }));
        });
    socket.request(message);
  }

  /** Creates a VXLAN device in the given namespace whose outer packets stay in this one. */
  public void createVxlan(
      String name, NetnsHandle namespace, VxlanTunnel tunnel, int mtu, int group)
      throws NetlinkException {
    NetlinkMessage message =
        linkMessage(
            "create vxlan %s vni %d to %s".formatted(name, tunnel.vni(), tunnel.remote()),
            NEWLINK,
            CREATE_NEW,
            0);
    common(message, name, mtu, group);
    message.number(IFLA_NET_NS_FD, namespace.descriptor());
    boolean six = tunnel.remote().family() == IpFamily.IPV6;
    message.nest(
        IFLA_LINKINFO,
        () -> {
          message.text(INFO_KIND, "vxlan");
          message.nest(
              INFO_DATA,
              () ->
                  message
                      .number(VXLAN_ID, tunnel.vni())
                      .raw(six ? VXLAN_REMOTE6 : VXLAN_REMOTE, tunnel.remote().toBytes())
                      .raw(six ? VXLAN_LOCAL6 : VXLAN_LOCAL, tunnel.local().toBytes())
                      .octet(VXLAN_LEARNING, 0)
                      .port(VXLAN_PORT, tunnel.port()));
        });
    socket.request(message);
  }

  /**
   * Gives an interface an alias, and keeps the kernel from giving it a link-local address by
   * itself: its duplicate address detection would hold up forwarded IPv6 packets for seconds.
   * Without IPv6 there is none anyway.
   */
  public void alias(LinkInfo link, String alias) throws NetlinkException {
    NetlinkMessage both = aliasMessage(link, alias);
    both.nest(
        IFLA_AF_SPEC,
        () -> both.nest(AF_INET6, () -> both.octet(ADDR_GEN_MODE, ADDR_GEN_MODE_NONE)));
    try {
      socket.request(both);
    } catch (NetlinkException e) {
      if (!e.is(NetlinkException.EAFNOSUPPORT, NetlinkException.EOPNOTSUPP)) {
        throw e;
      }
      socket.request(aliasMessage(link, alias));
    }
  }

  private static NetlinkMessage aliasMessage(LinkInfo link, String alias) {
    return linkMessage("tag interface " + link.name(), NEWLINK, 0, link.index())
        .text(IFLA_IFALIAS, alias);
  }

  /** Sets an interface's MTU in bytes. */
  public void mtu(LinkInfo link, int mtuBytes) throws NetlinkException {
    socket.request(
        linkMessage("set MTU %d of %s".formatted(mtuBytes, link.name()), NEWLINK, 0, link.index())
            .number(IFLA_MTU, mtuBytes));
  }

  /** Moves an interface into a group. */
  public void group(LinkInfo link, int group) throws NetlinkException {
    socket.request(
        linkMessage("set group of " + link.name(), NEWLINK, 0, link.index())
            .number(IFLA_GROUP, group));
  }

  /** Sets an interface up or down. */
  public void up(LinkInfo link, boolean up) throws NetlinkException {
    String what = "set " + link.name() + (up ? " up" : " down");
    socket.request(
        new NetlinkMessage(what, NEWLINK, 0).link(link.index(), up ? IFF_UP : 0, IFF_UP));
  }

  /** Deletes an interface. */
  public void delete(LinkInfo link) throws NetlinkException {
    socket.request(linkMessage("delete interface " + link.name(), DELLINK, 0, link.index()));
  }

  /** Deletes all interfaces of a group at once: the kernel waits once, not once for each. */
  public void deleteGroup(int group) throws NetlinkException {
    socket.request(
        linkMessage("delete interfaces of group " + group, DELLINK, 0, 0)
            .number(IFLA_GROUP, group));
  }

  /** The addresses of an interface. */
  public List<InterfaceAddress> addresses(LinkInfo link) throws NetlinkException {
    List<InterfaceAddress> addresses = new ArrayList<>();
    NetlinkMessage message =
        new NetlinkMessage("list addresses of " + link.name(), GETADDR, 0)
            .address(0, 0, link.index());
    for (NetlinkReply reply : socket.dump(message)) {
      local(reply)
          .ifPresent(address -> addresses.add(new InterfaceAddress(address, reply.octet(1))));
    }
    return addresses;
  }

  /** The interface that has the address. */
  public Optional<LinkInfo> holder(IpAddress address) throws NetlinkException {
    NetlinkMessage message =
        new NetlinkMessage("list addresses", GETADDR, 0).address(number(address.family()), 0, 0);
    for (NetlinkReply reply : socket.dump(message)) {
      if (local(reply).filter(address::equals).isPresent()) {
        int index = reply.number(ADDRESS_INDEX);
        return get(linkMessage("show interface " + index, GETLINK, 0, index));
      }
    }
    return Optional.empty();
  }

  private static Optional<IpAddress> local(NetlinkReply reply) {
    return reply
        .attribute(ADDRESS_FIXED, IFA_LOCAL)
        .or(() -> reply.attribute(ADDRESS_FIXED, IFA_ADDRESS))
        .map(IpAddress::ofBytes);
  }

  /** Adds an address, usable at once (no duplicate address detection). */
  public void addAddress(LinkInfo link, InterfaceAddress address) throws NetlinkException {
    socket.request(
        addressMessage("add", NEWADDR, CREATE_NEW, link, address).number(IFA_FLAGS, IFA_F_NODAD));
  }

  /** Removes an address; no error if it is not there. */
  public void removeAddress(LinkInfo link, InterfaceAddress address) throws NetlinkException {
    socket.requestUnlessGone(addressMessage("remove", DELADDR, 0, link, address));
  }

  /** The routes. */
  public RouteTable routeTable() {
    return routeTable;
  }

  /** Where addresses of its links are. */
  public NeighbourTable neighbours() {
    return neighbours;
  }

  /** The MTU in bytes of the interface by which packets to the address leave; empty if none. */
  public Optional<Integer> pathMtu(IpAddress destination) throws NetlinkException {
    Optional<Integer> index = routeTable.outgoing(destination);
    return index.isEmpty()
        ? Optional.empty()
        : get(linkMessage("show interface " + index.get(), GETLINK, 0, index.get()))
            .map(LinkInfo::mtuBytes);
  }

  /** How many messages have passed so far, to the kernel and back. */
  public long messages() {
    return socket.messages();
  }

  @Override
  public void close() {
    socket.close();
  }

  private Optional<LinkInfo> get(NetlinkMessage message) throws NetlinkException {
    try {
      return socket.request(message).stream().findFirst().map(LinkInfo::of);
    } catch (NetlinkException e) {
      if (e.is(NetlinkException.ENODEV)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static void common(NetlinkMessage message, String name, int mtu, int group) {
    message.text(IFLA_IFNAME, name).number(IFLA_MTU, mtu).number(IFLA_GROUP, group);
  }

  private static NetlinkMessage linkMessage(String what, int type, int flags, int index) {
    return new NetlinkMessage(what, type, flags).link(index, 0, 0);
  }

  private static NetlinkMessage addressMessage(
      String verb, int type, int flags, LinkInfo link, InterfaceAddress address) {
    byte[] bytes = address.address().toBytes();
    return new NetlinkMessage(verb + " address " + address + " on " + link.name(), type, flags)
        .address(number(address.family()), address.length(), link.index())
        .raw(IFA_LOCAL, bytes)
        .raw(IFA_ADDRESS, bytes);
  }

  /** AF_INET or AF_INET6. */
  static int number(IpFamily family) {
    return family == IpFamily.IPV4 ? 2 : AF_INET6;
  }
}
