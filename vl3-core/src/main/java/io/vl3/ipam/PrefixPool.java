package io.vl3.ipam;

import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives out parts of a prefix, of any length, each part to one holder at a time: aligned, the
 * lowest that fits first. Exclusions are honoured to the address.
 *
 * <p>Cost does not grow with what is given out: a step per six bits of address, and per exclusion
 * of the call that stands in the way. Memory follows fragmentation; a /8 in single addresses stays
 * under 3 MiB. Thread-safe, with one lock for memory work only.
 */
public final class PrefixPool {

  private final IpPrefix prefix;
  private final PrefixSet excluded;
  private final FreeTree free;
  private final ReentrantLock lock = new ReentrantLock();
  private long live;

  /** A pool of all addresses of the prefix. */
  public PrefixPool(IpPrefix prefix) {
    this(prefix, PrefixSet.EMPTY);
  }

  /** A pool of the prefix's addresses but the excluded ones, which are never given out. */
  public PrefixPool(IpPrefix prefix, PrefixSet excluded) {
    this.prefix = prefix;
    this.excluded = excluded.intersect(PrefixSet.of(prefix));
    this.free = new FreeTree(prefix);
    this.excluded.prefixes().forEach(this::take);
  }

  /** The prefix that parts are given out of. */
  public IpPrefix prefix() {
    return prefix;
  }

  /** The part of the prefix that is never given out. */
  public PrefixSet excluded() {
    return excluded;
  }

  /**
   * Takes the lowest free part of the given length.
   *
   * @return the part; empty if none is left
   * @throws IllegalArgumentException if the family has no such length
   */
  public Optional<IpPrefix> allocate(int length) {
    return allocate(length, prefix, PrefixSet.EMPTY);
  }

  /**
   * Takes the lowest free part of the given length that shares no address with the exclusions.
   *
   * @return the part; empty if none is left
   * @throws IllegalArgumentException if the family has no such length
   */
  public Optional<IpPrefix> allocate(int length, PrefixSet avoiding) {
    return allocate(length, prefix, avoiding);
  }

  /**
   * Takes the lowest free part of the given length that lies within a prefix and shares no address
   * with the exclusions.
   *
   * @param length the part's length in bits
   * @param within where to look, inside the pool's prefix
   * @param avoiding exclusions that bind this call only
   * @return the part; empty if none is left
   * @throws IllegalArgumentException if the family has no such length, or {@code within} is outside
   */
  public Optional<IpPrefix> allocate(int length, IpPrefix within, PrefixSet avoiding) {
    int order = order(length);
    checkInside("within", within);
    if (length < within.length()) {
      return Optional.empty();
    }
    long high;
    long low;
    lock.lock();
    try {
      if (!find(order, within, avoiding)) {
        return Optional.empty();
      }
      high = free.foundHigh();
      low = free.foundLow();
      free.take(high, low, order);
      live++;
    } finally {
      lock.unlock();
    }
    return Optional.of(new IpPrefix(new IpAddress(prefix.family(), high, low), length));
  }

  /**
   * Takes a certain part.
   *
   * @return whether it was free; one outside the pool never is
   */
  public boolean allocate(IpPrefix wanted) {
    if (!prefix.contains(wanted)) {
      return false;
    }
    lock.lock();
    try {
      if (!free.isFree(wanted.first().high(), wanted.first().low(), order(wanted.length()))) {
        return false;
      }
      take(wanted);
      live++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives back what an allocation took.
   *
   * @throws IllegalArgumentException if any address of it is not given out
   */
  public void free(IpPrefix taken) {
    checkInside("prefix", taken);
    IpAddress first = taken.first();
    int order = order(taken.length());
    lock.lock();
    try {
      if (!free.isTaken(first.high(), first.low(), order) || excluded.overlaps(taken)) {
        throw new IllegalArgumentException(
            "prefix: %s (expected: given out by the pool %s)".formatted(taken, prefix));
      }
      free.give(first.high(), first.low(), order);
      live--;
    } finally {
      lock.unlock();
    }
  }

  /** The part that can be given out, as of now. Cost grows with fragmentation. */
  public PrefixSet available() {
    List<IpPrefix> blocks = new ArrayList<>();
    lock.lock();
    try {
      free.forEachFree(blocks::add);
    } finally {
      lock.unlock();
    }
    return PrefixSet.of(blocks);
  }

  /** How many allocations have not been given back. */
  public long live() {
    lock.lock();
    try {
      return live;
    } finally {
      lock.unlock();
    }
  }

  /** How many steps its calls have taken so far, for who counts what one costs. */
  long steps() {
    lock.lock();
    try {
      return free.steps();
    } finally {
      lock.unlock();
    }
  }

  /** {@code PREFIX, N given out}. */
  @Override
  public String toString() {
    return "%s, %d given out".formatted(prefix, live());
  }

  /** Leaves the lowest fitting block in the tree's found address. */
  private boolean find(int order, IpPrefix within, PrefixSet avoiding) {
    boolean found =
        within.equals(prefix)
            ? free.findLowest(order)
            : free.findFrom(order, within.first().high(), within.first().low());
    IpAddress end = within.last();
    while (found) {
      IpAddress start = new IpAddress(prefix.family(), free.foundHigh(), free.foundLow());
      if (start.compareTo(end) > 0) {
        return false;
      }
      IpPrefix block = new IpPrefix(start, prefix.family().bits() - order);
      Optional<IpPrefix> obstacle = avoiding.overlapping(block);
      if (obstacle.isEmpty()) {
        return true;
      }
      // Both are powers of two in length, so what follows the longer is aligned for the block.
      IpAddress last = obstacle.get().contains(block) ? obstacle.get().last() : block.last();
      if (last.compareTo(end) >= 0) {
        return false;
      }
      IpAddress from = last.plus(1);
      found = free.findFrom(order, from.high(), from.low());
    }
    return false;
  }

  private void take(IpPrefix block) {
    free.take(block.first().high(), block.first().low(), order(block.length()));
  }

  private int order(int length) {
    int bits = prefix.family().bits();
    if (length < 0 || length > bits) {
      throw new IllegalArgumentException(
          "length: %d (expected: 0..%d for %s)".formatted(length, bits, prefix.family()));
    }
    return bits - length;
  }

  private void checkInside(String subject, IpPrefix inside) {
    if (!prefix.contains(inside)) {
      throw new IllegalArgumentException(
          "%s: %s (expected: inside %s)".formatted(subject, inside, prefix));
    }
  }
}
