package io.vl3.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A set of addresses of both families, held as the fewest prefixes that cover exactly them, in
 * order. Two sets of the same addresses are equal. Immutable.
 */
public final class PrefixSet {

  /** The set without addresses. */
  public static final PrefixSet EMPTY = new PrefixSet(new IpPrefix[0]);

  /** Sorted, disjoint, no two of them halves of one prefix. */
  private final IpPrefix[] prefixes;

  private PrefixSet(IpPrefix[] canonical) {
    prefixes = canonical;
  }

  /** The addresses of all given prefixes, which may overlap. */
  public static PrefixSet of(Collection<IpPrefix> prefixes) {
    if (prefixes.isEmpty()) {
      return EMPTY;
    }
    if (prefixes.size() == 1) {
      return new PrefixSet(prefixes.toArray(IpPrefix[]::new));
    }
    List<IpPrefix> merged = new ArrayList<>();
    prefixes.stream().sorted().forEach(prefix -> append(merged, prefix));
    return new PrefixSet(merged.toArray(IpPrefix[]::new));
  }

  /** The addresses of all given prefixes, which may overlap. */
  public static PrefixSet of(IpPrefix... prefixes) {
    return of(Arrays.asList(prefixes));
  }

  /** The fewest prefixes that cover the set, in order. */
  public List<IpPrefix> prefixes() {
    return List.of(prefixes);
  }

  /** Whether there is no address in the set. */
  public boolean isEmpty() {
    return prefixes.length == 0;
  }

  /** Whether the address is in the set. */
  public boolean contains(IpAddress address) {
    int at = lastStartingAtOrBefore(address);
    return at >= 0 && prefixes[at].contains(address);
  }

  /** Whether every address of the prefix is in the set. */
  public boolean contains(IpPrefix prefix) {
    int at = lastStartingAtOrBefore(prefix.first());
    return at >= 0 && prefixes[at].contains(prefix);
  }

  /** Whether any address of the prefix is in the set. */
  public boolean overlaps(IpPrefix prefix) {
    return overlapping(prefix).isPresent();
  }

  /** The first prefix of the set that has an address in common with the given one. */
  public Optional<IpPrefix> overlapping(IpPrefix prefix) {
    int at = lastStartingAtOrBefore(prefix.first());
    if (at >= 0 && prefixes[at].overlaps(prefix)) {
      return Optional.of(prefixes[at]);
    }
    return at + 1 < prefixes.length && prefix.contains(prefixes[at + 1])
        ? Optional.of(prefixes[at + 1])
        : Optional.empty();
  }

  /** The lowest address of the prefix that is not in the set; empty if all of them are. */
  public Optional<IpAddress> firstOutside(IpPrefix prefix) {
    IpAddress candidate = prefix.first();
    int at = Math.max(0, lastStartingAtOrBefore(candidate));
    while (at < prefixes.length && prefixes[at].contains(candidate)) {
      IpAddress last = prefixes[at].last();
      if (last.compareTo(prefix.last()) >= 0) {
        return Optional.empty();
      }
      candidate = last.plus(1);
      at++;
    }
    return Optional.of(candidate);
  }

  /** The addresses that are in either set. */
  public PrefixSet union(PrefixSet other) {
    if (isEmpty() || other.isEmpty()) {
      return isEmpty() ? other : this;
    }
    List<IpPrefix> all = new ArrayList<>(prefixes());
    all.addAll(other.prefixes());
    return of(all);
  }

  /** The addresses that are in this set and not in the other. */
  public PrefixSet subtract(PrefixSet other) {
    List<IpPrefix> left = new ArrayList<>();
    for (IpPrefix prefix : prefixes) {
      other.carveOutOf(prefix, left);
    }
    return of(left);
  }

  /** The addresses that are in both sets. */
  public PrefixSet intersect(PrefixSet other) {
    return subtract(subtract(other));
  }

  /** How many blocks of the given length the set holds of one family; saturates at 2^63-1. */
  public long blocks(IpFamily family, int length) {
    IpPrefix.checkLength(family, length);
    long sum = 0;
    for (IpPrefix prefix : prefixes) {
      if (prefix.family() == family && prefix.length() <= length) {
        int bits = length - prefix.length();
        sum = bits >= 63 ? Long.MAX_VALUE : saturatedSum(sum, 1L << bits);
      }
    }
    return sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PrefixSet set && Arrays.equals(prefixes, set.prefixes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(prefixes);
  }

  /** The prefixes, comma-separated in braces. */
  @Override
  public String toString() {
    return Arrays.stream(prefixes)
        .map(IpPrefix::toString)
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private void carveOutOf(IpPrefix prefix, List<IpPrefix> left) {
    if (!overlaps(prefix)) {
      left.add(prefix);
    } else if (!contains(prefix)) {
      carveOutOf(prefix.subPrefix(prefix.length() + 1, 0), left);
      carveOutOf(prefix.subPrefix(prefix.length() + 1, 1), left);
    }
  }

  private int lastStartingAtOrBefore(IpAddress address) {
    int low = 0;
    int high = prefixes.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (prefixes[middle].first().compareTo(address) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  /** Appends in sorted order; what is covered is dropped, halves become their whole. */
  private static void append(List<IpPrefix> merged, IpPrefix next) {
    int last = merged.size() - 1;
    if (last < 0) {
      merged.add(next);
      return;
    }
    IpPrefix before = merged.get(last);
    if (before.contains(next)) {
      return;
    }
    Optional<IpPrefix> whole = whole(before, next);
    if (whole.isEmpty()) {
      merged.add(next);
      return;
    }
    merged.remove(last);
    append(merged, whole.get());
  }

  private static Optional<IpPrefix> whole(IpPrefix lower, IpPrefix upper) {
    return lower.length() == upper.length() && lower.length() > 0
        ? Optional.of(IpPrefix.containing(lower.first(), lower.length() - 1))
            .filter(whole -> whole.first().equals(lower.first()) && whole.contains(upper))
        : Optional.empty();
  }

  private static long saturatedSum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
