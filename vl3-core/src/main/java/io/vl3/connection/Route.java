package io.vl3.connection;

import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.List;
import java.util.Optional;

/**
 * A route over a connection.
 *
 * @param destination the prefix that it leads to
 * @param nextHop the router; empty: the other side's first address of the same family
 */
public record Route(IpPrefix destination, Optional<IpAddress> nextHop) {

  /** A route by way of the other side's first address. */
  public static Route to(IpPrefix destination) {
    return new Route(destination, Optional.empty());
  }

  /** A route by way of the given router. */
  public static Route via(IpPrefix destination, IpAddress nextHop) {
    return new Route(destination, Optional.of(nextHop));
  }

  /**
   * This route with its router named, so that it also leads over a link whose ends have to be asked
   * for by their addresses, as Ethernet's: the first of the other side's addresses of the same
   * family. A route that names one already, or leads to that address itself, stays as it is.
   */
  public Route byWayOf(List<InterfaceAddress> otherSide) {
    if (nextHop.isPresent()) {
      return this;
    }
    return otherSide.stream()
        .map(InterfaceAddress::address)
        .filter(address -> address.family() == destination.family())
        .findFirst()
        .filter(router -> !router.toPrefix().equals(destination))
        .map(router -> via(destination, router))
        .orElse(this);
  }

  /** {@code DESTINATION} or {@code DESTINATION via ROUTER}. */
  @Override
  public String toString() {
    return nextHop.map(hop -> destination + " via " + hop).orElseGet(destination::toString);
  }
}
