package io.vl3.ipam;

import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.util.List;
import java.util.Optional;

/**
 * A prefix of the endpoint's own, and the endpoint's address there: the lowest that is not
 * excluded.
 *
 * @param prefix the prefix
 * @param address what the endpoint shows as its own; empty if all of the prefix is excluded
 */
record OwnPrefix(IpPrefix prefix, Optional<IpAddress> address) {

  static OwnPrefix of(IpPrefix prefix, PrefixSet excluded) {
    return new OwnPrefix(prefix, excluded.firstOutside(prefix));
  }

  static List<OwnPrefix> all(List<IpPrefix> prefixes, PrefixSet excluded) {
    return prefixes.stream().map(prefix -> of(prefix, excluded)).toList();
  }

  /** Whether it is a /31 or /127 (RFC 3021, RFC 6164): two addresses, one for each side. */
  boolean isPair() {
    return prefix.length() == prefix.family().bits() - 1;
  }

  /** The endpoint's address; without one the whole prefix, as nobody can be served from there. */
  PrefixSet ownAddress() {
    return PrefixSet.of(address.map(IpAddress::toPrefix).orElse(prefix));
  }

  /** The endpoint's address, and the last one, which in anything wider than a pair no host has. */
  PrefixSet ends() {
    return isPair() ? ownAddress() : ownAddress().union(PrefixSet.of(prefix.last().toPrefix()));
  }
}
