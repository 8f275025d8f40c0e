package io.vl3.mesh;

import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import java.util.List;

/**
 * How much of a network one peer may claim: in each pool as many addresses as one prefix of the
 * given length has. Without it any registered peer could take half of the pool.
 *
 * @param ipv4Length the length for IPv4, 0 to 32; 0: no limit
 * @param ipv6Length the length for IPv6, 0 to 128; 0: no limit
 */
public record ClaimLimit(int ipv4Length, int ipv6Length) {

  /** A peer may claim whatever is free. */
  public static final ClaimLimit NONE = new ClaimLimit(0, 0);

  /** Refuses lengths out of range. */
  public ClaimLimit {
    check("ipv4Length", ipv4Length, IpFamily.IPV4);
    check("ipv6Length", ipv6Length, IpFamily.IPV6);
  }

  private static void check(String subject, int length, IpFamily family) {
    if (length < 0 || length > family.bits()) {
      throw new IllegalArgumentException(
          "%s: %d (expected: 0..%d)".formatted(subject, length, family.bits()));
    }
  }

  /** The length for a family where we own these prefixes: a peer may have what we have. */
  int length(IpFamily family, List<IpPrefix> own) {
    int limit = family == IpFamily.IPV4 ? ipv4Length : ipv6Length;
    return own.stream()
        .filter(prefix -> prefix.family() == family)
        .mapToInt(IpPrefix::length)
        .reduce(limit, Math::min);
  }

  /** Whether the prefixes, disjoint and of one family, are together at most as a length allows. */
  static boolean fit(List<IpPrefix> prefixes, int length) {
    // Sums of powers of two: what a double rounds off is less than one in 2^52 of the whole.
    double share = prefixes.stream().mapToDouble(p -> Math.scalb(1.0, length - p.length())).sum();
    return share <= 1.0;
  }
}
