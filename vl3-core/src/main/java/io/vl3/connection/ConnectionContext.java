package io.vl3.connection;

import io.vl3.net.IpAddress;
import java.util.List;

/**
 * What a connection carries beside its path: addresses, routes, DNS, MTU.
 *
 * @param ip addresses and routes
 * @param dns DNS configurations, in order
 * @param mtuBytes the least MTU of the path's links in bytes; 0: not told
 * @param beyond addresses that a client reaches only through the endpoint, as those of other
 *     endpoints of the network: by pinging them it learns whether packets pass through; empty: not
 *     told
 */
public record ConnectionContext(
    IpContext ip, List<DnsConfig> dns, int mtuBytes, List<IpAddress> beyond) {

  /** A context without anything. */
  public static final ConnectionContext EMPTY =
      new ConnectionContext(IpContext.EMPTY, List.of(), 0, List.of());

  /** Copies the lists. */
  public ConnectionContext {
    dns = List.copyOf(dns);
    beyond = List.copyOf(beyond);
  }

  /** This context with other addresses and routes. */
  public ConnectionContext withIp(IpContext changed) {
    return new ConnectionContext(changed, dns, mtuBytes, beyond);
  }

  /** This context with other DNS configurations. */
  public ConnectionContext withDns(List<DnsConfig> changed) {
    return new ConnectionContext(ip, changed, mtuBytes, beyond);
  }

  /** This context with another MTU. */
  public ConnectionContext withMtuBytes(int changed) {
    return new ConnectionContext(ip, dns, changed, beyond);
  }

  /** This context with other addresses beyond the endpoint. */
  public ConnectionContext withBeyond(List<IpAddress> changed) {
    return new ConnectionContext(ip, dns, mtuBytes, changed);
  }
}
