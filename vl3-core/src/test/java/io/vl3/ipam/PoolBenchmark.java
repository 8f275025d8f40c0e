package io.vl3.ipam;

import io.vl3.net.IpPrefix;
import java.util.BitSet;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Pairs of free and allocate per second of a /8 in single addresses at several fills, beside a
 * plain bit set as the baseline, and the memory of a full one. docs/performance.md has the command.
 */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PoolBenchmark {

  private static final IpPrefix SLASH_8 = IpPrefix.parse("10.0.0.0/8");
  private static final int ADDRESSES = 1 << 24;

  @Param({"0", "50", "99"})
  private int fillPercent;

  private PrefixPool pool = new PrefixPool(SLASH_8);
  private BitSet bits = new BitSet();
  private int taken;
  private final Random random = new Random(1);

  /** JMH makes it. */
  public PoolBenchmark() {}

  /** Takes the first addresses, as many as the fill says. */
  @Setup
  public void fill() {
    pool = new PrefixPool(SLASH_8);
    taken = (int) ((long) ADDRESSES * fillPercent / 100);
    bits = new BitSet(ADDRESSES);
    bits.set(0, taken);
    for (int i = 0; i < taken; i++) {
      take(pool);
    }
  }

  /** A random live address is freed, and the lowest free one taken. */
  @Benchmark
  public IpPrefix pool() {
    if (taken > 0) {
      pool.free(SLASH_8.first().plus(random.nextInt(taken)).toPrefix());
      return take(pool);
    }
    IpPrefix one = take(pool);
    pool.free(one);
    return one;
  }

  /** The same with bare bits: no prefixes, no other lengths, no exclusions. */
  @Benchmark
  public int bitSet() {
    int freed = taken > 0 ? random.nextInt(taken) : 0;
    bits.clear(freed);
    int lowest = bits.nextClearBit(freed);
    bits.set(lowest);
    return lowest;
  }

  /** Runs the benchmark, then measures memory. */
  public static void main(String[] arguments) throws RunnerException {
    new Runner(new OptionsBuilder().include(PoolBenchmark.class.getName()).build()).run();
    memory();
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

  private static IpPrefix take(PrefixPool pool) {
    return pool.allocate(32)
        .orElseThrow(() -> new IllegalStateException("pool: full (expected: room for one)"));
  }

  /** Bytes in use, collected until nothing more is found. */
  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    long last = Long.MAX_VALUE;
    while (true) {
      System.gc();
      long now = runtime.totalMemory() - runtime.freeMemory();
      if (now >= last) {
        return now;
      }
      last = now;
    }
  }
}
