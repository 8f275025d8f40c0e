package io.vl3.nsm.legacy;

import io.vl3.connection.IpContext;
import io.vl3.connection.Route;
import io.vl3.net.InterfaceAddress;
import java.util.List;

/**
 * Addresses and routes as the 0.2 API has them: one address at each end, {@code dst_routes}
 * installed at the client and {@code src_routes} at the endpoint, none with a next hop.
 */
final class LegacyRoutes {

  private LegacyRoutes() {}

  /** What was read as if it were v1. */
  static IpContext read(IpContext ip) {
    return ip.withRoutes(ip.endpointRoutes(), ip.clientRoutes());
  }

  /** What is written as if it were v1. */
  static IpContext write(IpContext ip) {
    return ip.withAddresses(first(ip.clientAddresses()), first(ip.endpointAddresses()))
        .withRoutes(plain(ip.endpointRoutes()), plain(ip.clientRoutes()));
  }

  private static List<InterfaceAddress> first(List<InterfaceAddress> addresses) {
    return addresses.stream().limit(1).toList();
  }

  /**
   * Next hops are the other end's address anyway. That address needs no route on a numbered link,
   * nor does what lies within another route.
   */
  static List<Route> plain(List<Route> routes) {
    return routes.stream()
        .map(Route::destination)
        .filter(
            one ->
                routes.stream()
                    .map(Route::destination)
                    .noneMatch(other -> !other.equals(one) && other.contains(one)))
        .distinct()
        .map(Route::to)
        .toList();
  }
}
