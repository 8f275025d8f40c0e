package io.vl3.vpp.internal;

import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.dataplane.LinkEnd;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The routes of a link's end. All lead over its interface, which makes them ours. First a direct
 * route to each neighbour, because addresses are set without their network; then the wanted routes,
 * by way of their router or of the first neighbour of their family. There is one route per
 * destination; the first wins.
 */
final class RouteRenderer {

  private final LinkEnd end;
  private final String interfaceName;
  private final int vrf;
  private final Map<IpPrefix, Item> routes = new LinkedHashMap<>();

  private RouteRenderer(LinkEnd end, String interfaceName, int vrf) {
    this.end = end;
    this.interfaceName = interfaceName;
    this.vrf = vrf;
  }

  static List<Item> routes(LinkEnd end, String interfaceName, int vrf) throws EndpointException {
    RouteRenderer wanted = new RouteRenderer(end, interfaceName, vrf);
    for (IpAddress neighbour : end.neighbours()) {
      wanted.add(neighbour.toPrefix(), Optional.empty());
    }
    for (io.vl3.connection.Route route : end.routes()) {
      wanted.add(route);
    }
    return List.copyOf(wanted.routes.values());
  }

  private void add(io.vl3.connection.Route route) throws EndpointException {
    IpPrefix destination = route.destination();
    Optional<IpAddress> router = route.nextHop().or(() -> neighbour(destination));
    if (router.filter(hop -> hop.family() != destination.family()).isPresent()) {
      throw new EndpointException(
          Reason.INVALID, "route: %s (expected: a next hop of the same family)".formatted(route));
    }
    add(destination, router.filter(hop -> !hop.toPrefix().equals(destination)));
  }

  private void add(IpPrefix destination, Optional<IpAddress> router) {
    boolean own =
        end.addresses().stream().anyMatch(a -> a.address().toPrefix().equals(destination));
    if (!own) {
      routes.putIfAbsent(destination, item(destination, router));
    }
  }

  private Optional<IpAddress> neighbour(IpPrefix destination) {
    return end.neighbours().stream().filter(n -> n.family() == destination.family()).findFirst();
  }

  private Item item(IpPrefix destination, Optional<IpAddress> router) {
    Route.Builder route =
        Route.newBuilder()
            .setVrfId(vrf)
            .setDstNetwork(destination.toString())
            .setOutgoingInterface(interfaceName);
    return Item.of(route.setNextHopAddr(router.orElse(direct(destination)).toString()).build());
  }

  /**
   * The next hop of a destination that is reached without a router, as VPP shows it: the host
   * itself, or the all-zero address. It must be set: without one the agent gives VPP a path of
   * IPv4.
   */
  private static IpAddress direct(IpPrefix destination) {
    return destination.length() == destination.family().bits()
        ? destination.address()
        : new IpAddress(destination.family(), 0, 0);
  }
}
