package io.vl3.cli.config.check;

import io.vl3.net.IpPrefix;
import java.util.List;
import java.util.Optional;

/**
 * Networks of the families that no router passes packets to (RFC 6890), so that no vL3 lies there.
 */
public final class SpecialNetworks {

  /** Networks that Linux routes, although no other network does: taken if somebody says so. */
  private static final Special LINK_LOCAL = special("169.254.0.0/16", "link-local");

  private static final List<Special> NEVER =
      List.of(
          special("0.0.0.0/8", "for hosts that have no address"),
          special("127.0.0.0/8", "loopback"),
          special("224.0.0.0/4", "multicast"),
          special("255.255.255.255/32", "broadcast"),
          special("::/127", "no address and loopback"),
          special("::ffff:0:0/96", "IPv4 written as IPv6"),
          special("fe80::/10", "link-local, which Linux routes nowhere"),
          special("ff00::/8", "multicast"));

  private SpecialNetworks() {}

  /**
   * What a pool should be instead, if no vL3 can lie there.
   *
   * @param linkLocal whether IPv4's link-local addresses are wanted
   */
  public static Optional<String> objection(IpPrefix pool, boolean linkLocal) {
    if (pool.length() == 0) {
      return Optional.of("less than all addresses of " + pool.family());
    }
    Optional<String> never =
        NEVER.stream()
            .filter(special -> special.network.overlaps(pool))
            .findFirst()
            .map(special -> "another network: " + special);
    return never.isPresent() || linkLocal || !LINK_LOCAL.network.overlaps(pool)
        ? never
        : Optional.of("another network, or linkLocal: true beside it: " + LINK_LOCAL);
  }

  private static Special special(String network, String what) {
    return new Special(IpPrefix.parse(network), what);
  }

  private record Special(IpPrefix network, String what) {
    @Override
    public String toString() {
      return network + " is " + what;
    }
  }
}
