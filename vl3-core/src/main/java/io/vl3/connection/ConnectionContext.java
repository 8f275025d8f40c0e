package io.vl3.connection;

import java.util.List;

/**
 * What a connection carries beside its path: addresses, routes, DNS, MTU.
 *
 * @param ip addresses and routes
 * @param dns DNS configurations, in order
 * @param mtuBytes the least MTU of the path's links in bytes; 0: not told
 */
public record ConnectionContext(IpContext ip, List<DnsConfig> dns, int mtuBytes) {

  /** A context without anything. */
  public static final ConnectionContext EMPTY =
      new ConnectionContext(IpContext.EMPTY, List.of(), 0);

  /** Copies the lists. */
  public ConnectionContext {
    dns = List.copyOf(dns);
  }

  /** This context with other addresses and routes. */
  public ConnectionContext withIp(IpContext changed) {
    return new ConnectionContext(changed, dns, mtuBytes);
  }

  /** This context with other DNS configurations. */
  public ConnectionContext withDns(List<DnsConfig> changed) {
    return new ConnectionContext(ip, changed, mtuBytes);
  }

  /** This context with another MTU. */
  public ConnectionContext withMtuBytes(int changed) {
    return new ConnectionContext(ip, dns, changed);
  }
}
