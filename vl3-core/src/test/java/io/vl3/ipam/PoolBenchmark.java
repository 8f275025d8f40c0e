package io.vl3.ipam;

import io.vl3.net.IpPrefix;
import java.util.Random;

/**
 * Measures {@link PrefixPool}: pairs of allocate and free per second at several fills, beside a
 * plain bit set as the baseline in the same run, and the memory of a full /8 of single addresses.
 * Run by hand; docs/performance.md has the command.
 */
public final class PoolBenchmark {

  private static final IpPrefix SLASH_8 = IpPrefix.parse("10.0.0.0/8");
  private static final int ADDRESSES = 1 << 24;
  private static final int PAIRS = 4_000_000;
  private static final int ROUNDS = 5;

  private PoolBenchmark() {}

  public static void main(String[] arguments) {
    System.out.printf("%-28s %14s %14s %8s%n", "fill", "pool pairs/s", "bit set", "ratio");
    for (int percent : new int[] {0, 50, 99}) {
      fill(percent);
    }
    memory();
  }

  /** Random live allocations are freed, so that what is lowest moves about. */
  private static void fill(int percent) {
    PrefixPool pool = new PrefixPool(SLASH_8);
    long taken = (long) ADDRESSES * percent / 100;
    for (long i = 0; i < taken; i++) {
      take(pool);
    }
    double best = 0;
    double baseline = 0;
    for (int round = 0; round < ROUNDS; round++) {
      best = Math.max(best, pairs(pool, taken));
      baseline = Math.max(baseline, baselinePairs((int) taken));
    }
    System.out.printf(
        "%-28s %,14.0f %,14.0f %8.2f%n", percent + " %", best, baseline, best / baseline);
  }

  private static double pairs(PrefixPool pool, long taken) {
    Random random = new Random(1);
    long start = System.nanoTime();
    for (int i = 0; i < PAIRS; i++) {
      if (taken > 0) {
        pool.free(SLASH_8.first().plus(random.nextInt((int) taken)).toPrefix());
        take(pool);
      } else {
        pool.free(pool.allocate(32).orElseThrow());
      }
    }
    return PAIRS / seconds(start);
  }

  private static double baselinePairs(int taken) {
    java.util.BitSet bits = new java.util.BitSet(ADDRESSES);
    bits.set(0, taken);
    Random random = new Random(1);
    long start = System.nanoTime();
    int sum = 0;
    int lowest = taken;
    for (int i = 0; i < PAIRS; i++) {
      if (taken > 0) {
        int freed = random.nextInt(taken);
        bits.clear(freed);
        lowest = bits.nextClearBit(freed);
      }
      bits.set(lowest);
      sum += lowest;
      if (taken == 0) {
        bits.clear(lowest);
      }
    }
    double rate = PAIRS / seconds(start);
    return sum == 42 ? 0 : rate;
  }

  private static void memory() {
    long before = used();
    PrefixPool pool = new PrefixPool(SLASH_8);
    for (int i = 0; i < ADDRESSES; i++) {
      take(pool);
    }
    long full = used() - before;
    Random random = new Random(2);
    for (int i = 0; i < ADDRESSES / 2; i++) {
      IpPrefix one = SLASH_8.first().plus(random.nextInt(ADDRESSES)).toPrefix();
      if (!pool.allocate(one)) {
        pool.free(one);
      }
    }
    long holes = used() - before;
    System.out.printf(
        "memory of a /8 in single addresses: full %,d KiB, with random holes %,d KiB (%,d live)%n",
        full / 1024, holes / 1024, pool.live());
  }

  private static void take(PrefixPool pool) {
    if (pool.allocate(32).isEmpty()) {
      throw new IllegalStateException("pool: full (expected: room for one)");
    }
  }

  private static long used() {
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
