package io.vl3.ipam;

import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.util.List;
import java.util.Optional;

/**
 * What is given out of all own prefixes, past and present. One pool over each family, so that a
 * prefix that changes, grows or comes back never gives twice what a connection still has.
 */
final class AddressBook {

  private final PrefixSet excluded;
  private final PrefixPool ipv4;
  private final PrefixPool ipv6;

  AddressBook(PrefixSet excluded) {
    this.excluded = excluded;
    ipv4 = new PrefixPool(IpPrefix.parse("0.0.0.0/0"), excluded);
    ipv6 = new PrefixPool(IpPrefix.parse("::/0"), excluded);
  }

  /** The prefixes with the endpoint's address in each. */
  List<OwnPrefix> own(List<IpPrefix> prefixes) {
    return OwnPrefix.all(prefixes, excluded);
  }

  Optional<IpPrefix> allocate(int length, IpPrefix within, PrefixSet avoiding) {
    return pool(within).allocate(length, within, avoiding);
  }

  boolean allocate(IpPrefix wanted) {
    return pool(wanted).allocate(wanted);
  }

  void free(IpPrefix taken) {
    pool(taken).free(taken);
  }

  long live() {
    return ipv4.live() + ipv6.live();
  }

  /**
   * How full a prefix is.
   *
   * @param resting what nobody has, and is not given out yet
   */
  PoolStatus fill(IpPrefix prefix, PrefixSet resting) {
    PrefixSet free = pool(prefix).available().intersect(PrefixSet.of(prefix));
    double addresses = size(prefix);
    double kept = size(excluded.intersect(PrefixSet.of(prefix)));
    return new PoolStatus(
        prefix,
        addresses,
        addresses - size(free) - kept,
        size(resting.intersect(PrefixSet.of(prefix))),
        kept);
  }

  private static double size(PrefixSet set) {
    return set.prefixes().stream().mapToDouble(AddressBook::size).sum();
  }

  private static double size(IpPrefix prefix) {
    return Math.scalb(1.0, prefix.family().bits() - prefix.length());
  }

  private PrefixPool pool(IpPrefix prefix) {
    return prefix.family() == IpFamily.IPV4 ? ipv4 : ipv6;
  }
}
