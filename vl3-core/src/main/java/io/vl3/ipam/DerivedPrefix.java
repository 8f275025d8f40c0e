package io.vl3.ipam;

import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import java.util.Optional;

/** Rules that derive an endpoint's own prefix from a number that differs between endpoints. */
public final class DerivedPrefix {

  private static final int OCTET_PREFIX_LENGTH = 24;

  private DerivedPrefix() {}

  /**
   * The original's rule: the pool's first two octets, then the number, always as a /24; the
   * configured prefix length plays no part.
   *
   * @throws IllegalArgumentException if the pool is not IPv4, the number is no octet, or the result
   *     lies outside the pool
   */
  public static IpPrefix byOctet(IpPrefix pool, int octet) {
    if (pool.family() != IpFamily.IPV4) {
      throw new IllegalArgumentException(
          "ipam.defaultPrefixPool: %s (expected: IPv4, as the octet rule makes a /24; set ipam.prefixes or the source nth for IPv6)"
              .formatted(pool));
    }
    checkOctet("octet", Integer.toString(octet));
    long network = (pool.first().low() & 0xffff_0000L) | (long) octet << 8;
    IpPrefix prefix = new IpPrefix(IpAddress.ipv4((int) network), OCTET_PREFIX_LENGTH);
    if (!pool.contains(prefix)) {
      throw new IllegalArgumentException(
          "octet: %d (expected: one that makes a /24 inside the pool %s) [it makes %s]"
              .formatted(octet, pool, prefix));
    }
    return prefix;
  }

  /**
   * The number for {@link #byOctet}: the setting if there is one, else the pod address's third
   * octet.
   *
   * @param uniqueOctet the text of NSE_IPAM_UNIQUE_OCTET
   * @param podAddress the text of NSE_POD_IP
   * @throws IllegalArgumentException if neither gives an octet; the message names the settings
   */
  public static int octet(Optional<String> uniqueOctet, Optional<String> podAddress) {
    if (uniqueOctet.isPresent()) {
      return checkOctet("NSE_IPAM_UNIQUE_OCTET", uniqueOctet.get());
    }
    String text =
        podAddress.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "NSE_POD_IP: not set (expected: the pod's IPv4 address; or set NSE_IPAM_UNIQUE_OCTET or ipam.prefixes)"));
    return IpAddress.tryParse(text)
        .filter(address -> address.family() == IpFamily.IPV4)
        .map(address -> (int) (address.low() >>> 8) & 255)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "NSE_POD_IP: %s (expected: IPv4, whose third octet makes the prefix; with another address set NSE_IPAM_UNIQUE_OCTET or ipam.prefixes)"
                        .formatted(text)));
  }

  /**
   * Our rule: the n-th prefix of the length in the pool, counted from 0; both families.
   *
   * @throws IllegalArgumentException if the pool has no such prefix
   */
  public static IpPrefix nth(IpPrefix pool, int length, long n) {
    return pool.subPrefix(length, n);
  }

  private static int checkOctet(String subject, String text) {
    if (!text.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(text) > 255) {
      throw new IllegalArgumentException(
          "%s: %s (expected: a number 0..255)".formatted(subject, text));
    }
    return Integer.parseInt(text);
  }
}
