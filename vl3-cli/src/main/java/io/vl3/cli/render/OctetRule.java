package io.vl3.cli.render;

import io.vl3.cli.config.PrefixChoice;
import io.vl3.ipam.PrefixRule;
import io.vl3.net.IpPrefix;
import java.util.List;

/**
 * Which prefixes several endpoints get whose octets follow each other from the first one's. An
 * endpoint that owns a whole pool leaves nothing for another.
 */
final class OctetRule implements PrefixRule {

  private static final int LAST = 255;

  private final List<IpPrefix> pools;
  private final List<Integer> lengths;
  private final PrefixChoice.Octet first;

  OctetRule(List<IpPrefix> pools, List<Integer> lengths, PrefixChoice.Octet first) {
    this.pools = List.copyOf(pools);
    this.lengths = List.copyOf(lengths);
    this.first = first;
  }

  @Override
  public List<IpPrefix> prefixes(int index) {
    if (index > 0 && owns()) {
      throw new IllegalArgumentException(
          "%d endpoints (expected: one) [it owns %s]".formatted(index + 1, first.why()));
    }
    int octet = first.octet() + index;
    if (octet > LAST) {
      throw new IllegalArgumentException("octet: %d (expected: 0..%d)".formatted(octet, LAST));
    }
    return new PrefixChoice.Octet(octet, first.why()).cutFrom(pools, lengths);
  }

  @Override
  public long capacity() {
    long octets = owns() ? 1 : LAST - first.octet() + 1L;
    for (int i = 0; i < pools.size(); i++) {
      if (first.usesLength(pools.get(i))) {
        int bits = lengths.get(i) - pools.get(i).length();
        long last = bits >= Byte.SIZE ? LAST : (1L << bits) - 1;
        octets = Math.min(octets, Math.max(0, last - first.octet() + 1));
      }
    }
    return octets;
  }

  private boolean owns() {
    return pools.stream().anyMatch(PrefixChoice.Octet::isOwnedWhole);
  }
}
