package io.vl3.connection;

import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
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

  /** {@code DESTINATION} or {@code DESTINATION via ROUTER}. */
  @Override
  public String toString() {
    return nextHop.map(hop -> destination + " via " + hop).orElseGet(destination::toString);
  }
}
