package io.vl3.linux;

import io.vl3.connection.Route;
import io.vl3.dataplane.LinkEnd;
import io.vl3.failure.Reason;
import io.vl3.linux.internal.KernelRoute;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The kernel routes of a link's end: to each neighbour directly, unless an address of the end has
 * it on its network; then the wanted routes by way of their router, or of the first neighbour of
 * their family. One route per destination, the first wins.
 */
final class WantedRoutes {

  private final LinkEnd end;
  private final Map<IpPrefix, KernelRoute> routes = new LinkedHashMap<>();

  private WantedRoutes(LinkEnd end) {
    this.end = end;
  }

  static List<KernelRoute> of(LinkEnd end) throws LinkException {
    WantedRoutes wanted = new WantedRoutes(end);
    for (IpAddress neighbour : end.neighbours()) {
      wanted.add(KernelRoute.direct(neighbour.toPrefix()));
    }
    for (Route route : end.routes()) {
      wanted.add(wanted.resolve(route));
    }
    return new ArrayList<>(wanted.routes.values());
  }

  private void add(KernelRoute route) {
    boolean direct = route.gateway().isEmpty();
    if (!onNetwork(route.destination(), direct)) {
      routes.putIfAbsent(route.destination(), route);
    }
  }

  /** Whether the kernel routes the destination by itself because of an address of the end. */
  private boolean onNetwork(IpPrefix destination, boolean direct) {
    for (InterfaceAddress address : end.addresses()) {
      IpPrefix network = address.network();
      if (network.equals(destination) || (direct && network.contains(destination))) {
        return true;
      }
    }
    return false;
  }

  private KernelRoute resolve(Route route) throws LinkException {
    IpPrefix destination = route.destination();
    Optional<IpAddress> router = route.nextHop().or(() -> neighbour(destination));
    if (router.filter(hop -> hop.toPrefix().equals(destination)).isPresent()) {
      return KernelRoute.direct(destination);
    }
    if (router.filter(hop -> hop.family() != destination.family()).isPresent()) {
      throw new LinkException(
          Reason.INVALID, "route: %s (expected: a next hop of the same family)".formatted(route));
    }
    return new KernelRoute(destination, router);
  }

  private Optional<IpAddress> neighbour(IpPrefix destination) {
    return end.neighbours().stream().filter(n -> n.family() == destination.family()).findFirst();
  }
}
