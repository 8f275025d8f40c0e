package io.vl3.cli.config;

import io.vl3.ipam.DerivedPrefix;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/** Which of the pool's prefixes is the endpoint's own. */
public sealed interface PrefixChoice {

  /**
   * The own prefixes, one per pool; empty if they are not known before the central IPAM says.
   *
   * @throws IllegalArgumentException if a pool has no such prefix
   */
  List<IpPrefix> cutFrom(List<IpPrefix> pools, List<Integer> lengths);

  /** In a few words, for people. */
  String why();

  /** Whether the configured length says how long the prefix cut from the pool is. */
  default boolean usesLength(IpPrefix pool) {
    return false;
  }

  /** Prefixes written in the file. */
  public record Fixed(List<IpPrefix> prefixes) implements PrefixChoice {
    /** Copies the list. */
    public Fixed {
      prefixes = List.copyOf(prefixes);
    }

    @Override
    public List<IpPrefix> cutFrom(List<IpPrefix> pools, List<Integer> lengths) {
      return prefixes;
    }

    @Override
    public String why() {
      return "prefix in the file";
    }
  }

  /** The n-th prefix of each pool. */
  public record Index(long index, String why) implements PrefixChoice {
    @Override
    public List<IpPrefix> cutFrom(List<IpPrefix> pools, List<Integer> lengths) {
      List<IpPrefix> own = new ArrayList<>();
      for (int i = 0; i < pools.size(); i++) {
        own.add(pools.get(i).subPrefix(lengths.get(i), index));
      }
      return List.copyOf(own);
    }

    @Override
    public boolean usesLength(IpPrefix pool) {
      return true;
    }
  }

  /**
   * The original's way: of an IPv4 pool of /16 or shorter its first two octets, this octet, and
   * /24; of a longer one all of it. A pool of IPv6 gives its n-th prefix.
   */
  public record Octet(int octet, String why) implements PrefixChoice {

    /** Longer pools have no octet to choose. */
    private static final int LONGEST_POOL = 16;

    /** The octet with what says it, and that it says nothing where the pools are longer. */
    public static Octet of(int octet, String source, List<IpPrefix> pools) {
      boolean unused = !pools.isEmpty() && pools.stream().allMatch(Octet::isOwnedWhole);
      String why =
          unused
              ? "the whole pool: %s counts in pools of /%d or shorter only"
                  .formatted(source, LONGEST_POOL)
              : source;
      return new Octet(octet, why);
    }

    @Override
    public List<IpPrefix> cutFrom(List<IpPrefix> pools, List<Integer> lengths) {
      List<IpPrefix> own = new ArrayList<>();
      for (int i = 0; i < pools.size(); i++) {
        IpPrefix pool = pools.get(i);
        own.add(pool.family() == IpFamily.IPV4 ? of(pool) : pool.subPrefix(lengths.get(i), octet));
      }
      return List.copyOf(own);
    }

    @Override
    public boolean usesLength(IpPrefix pool) {
      return pool.family() == IpFamily.IPV6;
    }

    /** Whether the endpoint owns all of the pool, whatever the octet. */
    public static boolean isOwnedWhole(IpPrefix pool) {
      return pool.family() == IpFamily.IPV4 && pool.length() > LONGEST_POOL;
    }

    private IpPrefix of(IpPrefix pool) {
      return isOwnedWhole(pool) ? pool : DerivedPrefix.byOctet(pool, octet);
    }
  }

  /** The central IPAM gives it. */
  public record Leased(String serverAddress) implements PrefixChoice {
    @Override
    public List<IpPrefix> cutFrom(List<IpPrefix> pools, List<Integer> lengths) {
      return List.of();
    }

    @Override
    public boolean usesLength(IpPrefix pool) {
      return true;
    }

    @Override
    public String why() {
      return "leased from the IPAM at " + serverAddress;
    }
  }

  /** NSM v1's prefix servers give them, one each. */
  public record Served(List<String> urls) implements PrefixChoice {
    /** Copies the list. */
    public Served {
      urls = List.copyOf(urls);
    }

    @Override
    public List<IpPrefix> cutFrom(List<IpPrefix> pools, List<Integer> lengths) {
      return List.of();
    }

    @Override
    public String why() {
      return "from the prefix server at " + String.join(" and ", urls);
    }
  }
}
