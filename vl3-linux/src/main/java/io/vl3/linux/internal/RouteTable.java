package io.vl3.linux.internal;

import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The routes of the network namespace of an {@link RtNetlink}, which says how to use it. */
public final class RouteTable {

  /** Marks routes as ours: shown by {@code ip route} as {@code proto 118}. */
  private static final int ROUTE_PROTOCOL = 118;

  /** Marks the routes that the kernel makes with an address. */
  private static final int KERNEL_PROTOCOL = 2;

  /** Metric of the IPv6 routes that the kernel makes with an address. */
  private static final int KERNEL_METRIC = 256;

  /** Metric of the routes that refuse what no link serves: the last to be looked at. */
  private static final int LAST_METRIC = 0x7fff_fff0;

  private static final int NEWROUTE = 24;
  private static final int DELROUTE = 25;
  private static final int GETROUTE = 26;
  private static final int CREATE = NetlinkMessage.CREATE;
  private static final int CREATE_NEW = NetlinkMessage.CREATE | NetlinkMessage.EXCL;
  private static final int CREATE_OR_REPLACE = NetlinkMessage.CREATE | NetlinkMessage.REPLACE;

  private static final int RTA_DST = 1;
  private static final int RTA_OIF = 4;
  private static final int RTA_GATEWAY = 5;
  private static final int RTA_PRIORITY = 6;
  private static final int RTA_PREFSRC = 7;
  private static final int ROUTE_FIXED = 12;
  private static final int SCOPE_LINK = 253;
  private static final int TABLE_MAIN = 254;
  private static final int ROUTE_UNICAST = 1;
  private static final int ROUTE_UNREACHABLE = 7;
  private static final int ROUTE_ON_LINK = 4;

  private final NetlinkSocket socket;

  RouteTable(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Our routes over an interface. */
  public List<KernelRoute> over(LinkInfo link) throws NetlinkException {
    return over(link, ROUTE_PROTOCOL);
  }

  /** The networks that the kernel routes over an interface because of the interface's addresses. */
  public List<IpPrefix> networks(LinkInfo link) throws NetlinkException {
    return over(link, KERNEL_PROTOCOL).stream().map(KernelRoute::destination).toList();
  }

  private List<KernelRoute> over(LinkInfo link, int protocol) throws NetlinkException {
    List<KernelRoute> routes = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      NetlinkMessage message =
          new NetlinkMessage("list routes over " + link.name(), GETROUTE, 0)
              .route(RtNetlink.number(family), 0, TABLE_MAIN, protocol, 0, ROUTE_UNICAST, 0)
              .number(RTA_OIF, link.index());
      dumpRoutes(message).forEach(reply -> routes.add(route(family, reply)));
    }
    return routes;
  }

  /** All routes of the main table, whoever made them; of one with several hops the first. */
  public List<TableRoute> all() throws NetlinkException {
    List<TableRoute> routes = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      NetlinkMessage message =
          new NetlinkMessage("list routes", GETROUTE, 0)
              .route(RtNetlink.number(family), 0, TABLE_MAIN, 0, 0, 0, 0);
      for (NetlinkReply reply : dumpRoutes(message)) {
        if (reply.octet(4) == TABLE_MAIN) {
          KernelRoute route = route(family, reply);
          boolean refuses = reply.octet(7) != ROUTE_UNICAST;
          int index = refuses ? 0 : reply.number(ROUTE_FIXED, RTA_OIF, 0);
          int metric = reply.number(ROUTE_FIXED, RTA_PRIORITY, 0);
          routes.add(new TableRoute(route.destination(), route.gateway(), index, metric));
        }
      }
    }
    return routes;
  }

  /** Destinations that our unreachable routes refuse. */
  public List<IpPrefix> unreachable() throws NetlinkException {
    List<IpPrefix> prefixes = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      NetlinkMessage message =
          new NetlinkMessage("list unreachable routes", GETROUTE, 0)
              .route(
                  RtNetlink.number(family), 0, TABLE_MAIN, ROUTE_PROTOCOL, 0, ROUTE_UNREACHABLE, 0);
      dumpRoutes(message).forEach(reply -> prefixes.add(route(family, reply).destination()));
    }
    return prefixes;
  }

  /**
   * Adds a route over an interface. An IPv4 route to the same destination over another interface
   * stays, behind the new one; an IPv6 route of ours is replaced (the kernel would split the
   * traffic between the two).
   */
  public void add(LinkInfo link, KernelRoute route) throws NetlinkException {
    if (route.destination().family() == IpFamily.IPV4) {
      request(routeMessage("add", NEWROUTE, CREATE, link, route));
    } else {
      addSix(link, route);
    }
  }

  /** To find out whose a route is, all of them are read: only where there is one already. */
  private void addSix(LinkInfo link, KernelRoute route) throws NetlinkException {
    try {
      var unused = socket.request(routeMessage("add", NEWROUTE, CREATE_NEW, link, route));
    } catch (NetlinkException e) {
      if (!e.is(NetlinkException.EEXIST)) {
        throw e;
      }
      int flags = oursExists(route.destination()) ? CREATE_OR_REPLACE : CREATE;
      request(routeMessage("add", NEWROUTE, flags, link, route));
    }
  }

  /** Routes an address's network over its interface again, as the kernel did with the address. */
  public void addNetwork(LinkInfo link, InterfaceAddress address) throws NetlinkException {
    IpPrefix network = address.network();
    boolean six = network.family() == IpFamily.IPV6;
    NetlinkMessage message =
        new NetlinkMessage("add route %s dev %s".formatted(network, link.name()), NEWROUTE, CREATE)
            .route(
                RtNetlink.number(network.family()),
                network.length(),
                TABLE_MAIN,
                KERNEL_PROTOCOL,
                six ? 0 : SCOPE_LINK,
                ROUTE_UNICAST,
                0)
            .raw(RTA_DST, network.address().toBytes())
            .number(RTA_OIF, link.index());
    if (six) {
      message.number(RTA_PRIORITY, KERNEL_METRIC);
    } else {
      message.raw(RTA_PREFSRC, address.address().toBytes());
    }
    request(message);
  }

  private void request(NetlinkMessage message) throws NetlinkException {
    try {
      var unused = socket.request(message);
    } catch (NetlinkException e) {
      if (!e.is(NetlinkException.EEXIST)) {
        throw e;
      }
    }
  }

  /** Removes a route of ours; no error if it is not there. */
  public void remove(LinkInfo link, KernelRoute route) throws NetlinkException {
    socket.requestUnlessGone(routeMessage("remove", DELROUTE, 0, link, route));
  }

  /** Refuses what goes to the prefix and matches no other route; no error if that is so already. */
  public void addUnreachable(IpPrefix prefix) throws NetlinkException {
    socket.request(unreachableMessage("add", NEWROUTE, CREATE_OR_REPLACE, prefix));
  }

  /** Takes {@link #addUnreachable} back; no error if it is not there. */
  public void removeUnreachable(IpPrefix prefix) throws NetlinkException {
    socket.requestUnlessGone(unreachableMessage("remove", DELROUTE, 0, prefix));
  }

  /** The index of the interface by which packets to the address leave; empty if none. */
  Optional<Integer> outgoing(IpAddress destination) throws NetlinkException {
    NetlinkMessage message =
        new NetlinkMessage("route to " + destination, GETROUTE, 0)
            .route(
                RtNetlink.number(destination.family()), destination.family().bits(), 0, 0, 0, 0, 0)
            .raw(RTA_DST, destination.toBytes());
    try {
      return socket.request(message).stream()
          .findFirst()
          .map(reply -> reply.number(ROUTE_FIXED, RTA_OIF, 0));
    } catch (NetlinkException e) {
      if (e.is(NetlinkException.ENETUNREACH, NetlinkException.EHOSTUNREACH)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private boolean oursExists(IpPrefix destination) throws NetlinkException {
    IpFamily family = destination.family();
    NetlinkMessage message =
        new NetlinkMessage("list routes to " + destination, GETROUTE, 0)
            .route(RtNetlink.number(family), 0, TABLE_MAIN, ROUTE_PROTOCOL, 0, ROUTE_UNICAST, 0);
    return dumpRoutes(message).stream()
        .anyMatch(reply -> route(family, reply).destination().equals(destination));
  }

  /** A namespace that never had an address has no table to dump. */
  private List<NetlinkReply> dumpRoutes(NetlinkMessage message) throws NetlinkException {
    try {
      return socket.dump(message);
    } catch (NetlinkException e) {
      if (e.is(NetlinkException.ENOENT)) {
        return List.of();
      }
      throw e;
    }
  }

  private static NetlinkMessage routeMessage(
      String verb, int type, int flags, LinkInfo link, KernelRoute route) {
    boolean direct = route.gateway().isEmpty();
    IpPrefix destination = route.destination();
    NetlinkMessage message =
        new NetlinkMessage(verb + " route " + route + " dev " + link.name(), type, flags)
            .route(
                RtNetlink.number(destination.family()),
                destination.length(),
                TABLE_MAIN,
                ROUTE_PROTOCOL,
                direct && destination.family() == IpFamily.IPV4 ? SCOPE_LINK : 0,
                ROUTE_UNICAST,
                direct ? 0 : ROUTE_ON_LINK)
            .raw(RTA_DST, destination.address().toBytes())
            .number(RTA_OIF, link.index());
    route.gateway().ifPresent(router -> message.raw(RTA_GATEWAY, router.toBytes()));
    return message;
  }

  private static NetlinkMessage unreachableMessage(
      String verb, int type, int flags, IpPrefix prefix) {
    return new NetlinkMessage("%s route unreachable %s".formatted(verb, prefix), type, flags)
        .route(
            RtNetlink.number(prefix.family()),
            prefix.length(),
            TABLE_MAIN,
            ROUTE_PROTOCOL,
            0,
            ROUTE_UNREACHABLE,
            0)
        .raw(RTA_DST, prefix.address().toBytes())
        .number(RTA_PRIORITY, LAST_METRIC);
  }

  private static KernelRoute route(IpFamily family, NetlinkReply reply) {
    IpAddress destination =
        reply
            .attribute(ROUTE_FIXED, RTA_DST)
            .map(IpAddress::ofBytes)
            .orElseGet(() -> IpAddress.ofBytes(new byte[family.bits() / 8]));
    return new KernelRoute(
        IpPrefix.containing(destination, reply.octet(1)),
        reply.attribute(ROUTE_FIXED, RTA_GATEWAY).map(IpAddress::ofBytes));
  }
}
