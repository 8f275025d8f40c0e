package io.vl3.linux.internal;

import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.Optional;

/**
 * A route of ours in a namespace's main table.
 *
 * @param destination the prefix that it leads to
 * @param gateway the router; empty: the destination is on the link itself
 */
public record KernelRoute(IpPrefix destination, Optional<IpAddress> gateway) {

  /** A route to addresses on the link itself. */
  public static KernelRoute direct(IpPrefix destination) {
    return new KernelRoute(destination, Optional.empty());
  }

  @Override
  public String toString() {
    return destination + gateway.map(router -> " via " + router).orElse("");
  }
}
