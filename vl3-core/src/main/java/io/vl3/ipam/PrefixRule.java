package io.vl3.ipam;

import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/** Which prefixes each of several endpoints gets, for a plan. */
public interface PrefixRule {

  /**
   * The own prefixes of an endpoint.
   *
   * @param index the endpoint, counted from 0
   * @throws IllegalArgumentException if there is none for it; the message says why
   */
  List<IpPrefix> prefixes(int index);

  /** For how many endpoints there are prefixes. */
  long capacity();

  /** The original's rule over IPv4 pools; the octets follow each other from the first. */
  static PrefixRule octets(List<IpPrefix> pools, int first) {
    return new PrefixRule() {
      @Override
      public List<IpPrefix> prefixes(int index) {
        return pools.stream().map(pool -> DerivedPrefix.byOctet(pool, first + index)).toList();
      }

      @Override
      public long capacity() {
        // Octets that leave a narrow pool make no prefix, so what counts is the unbroken run.
        long count = 0;
        while (first + count <= 255 && fits(first + (int) count)) {
          count++;
        }
        return count;
      }

      private boolean fits(int octet) {
        try {
          return !prefixes(octet - first).isEmpty();
        } catch (IllegalArgumentException outside) {
          return false;
        }
      }
    };
  }

  /**
   * The n-th prefix of each pool, as our own rule cuts them, and as an IPAM server that gives the
   * lowest first.
   *
   * @param ipv4Length length of the prefixes cut from IPv4 pools
   * @param ipv6Length length of the prefixes cut from IPv6 pools
   * @param first the first endpoint's n
   */
  static PrefixRule nth(List<IpPrefix> pools, int ipv4Length, int ipv6Length, long first) {
    return new PrefixRule() {
      @Override
      public List<IpPrefix> prefixes(int index) {
        List<IpPrefix> own = new ArrayList<>();
        for (IpPrefix pool : pools) {
          own.add(DerivedPrefix.nth(pool, length(pool), first + index));
        }
        return own;
      }

      @Override
      public long capacity() {
        long least = Long.MAX_VALUE;
        for (IpPrefix pool : pools) {
          int bits = length(pool) - pool.length();
          long count = bits < 0 ? 0 : bits >= 63 ? Long.MAX_VALUE : 1L << bits;
          least = Math.min(least, Math.max(0, count - first));
        }
        return least;
      }

      private int length(IpPrefix pool) {
        return pool.family() == IpFamily.IPV4 ? ipv4Length : ipv6Length;
      }
    };
  }

  /** The given prefixes, endpoint by endpoint. */
  static PrefixRule fixed(List<List<IpPrefix>> byEndpoint) {
    return new PrefixRule() {
      @Override
      public List<IpPrefix> prefixes(int index) {
        if (index >= byEndpoint.size()) {
          throw new IllegalArgumentException(
              "%d endpoints (expected: at most %d, as many as are given one)"
                  .formatted(index + 1, byEndpoint.size()));
        }
        return byEndpoint.get(index);
      }

      @Override
      public long capacity() {
        return byEndpoint.size();
      }
    };
  }
}
