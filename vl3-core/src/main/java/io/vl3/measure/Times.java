package io.vl3.measure;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** How long things took, counted in buckets. Thread-safe, and cheap from many threads. */
public final class Times {

  private static final long[] BOUNDS_NANOS = {
    100_000L,
    250_000L,
    500_000L,
    1_000_000L,
    2_500_000L,
    5_000_000L,
    10_000_000L,
    25_000_000L,
    50_000_000L,
    100_000_000L,
    250_000_000L,
    500_000_000L,
    1_000_000_000L,
    2_500_000_000L,
    5_000_000_000L,
    10_000_000_000L
  };

  private final LongAdder[] buckets =
      Stream.generate(LongAdder::new).limit(BOUNDS_NANOS.length + 1L).toArray(LongAdder[]::new);
  private final LongAdder sumNanos = new LongAdder();

  /** One took so long; less than nothing counts as nothing, as clocks may be set. */
  public void add(long nanos) {
    long took = Math.max(0, nanos);
    buckets[bucket(took)].increment();
    sumNanos.add(took);
  }

  private static int bucket(long nanos) {
    int bucket = 0;
    while (bucket < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[bucket]) {
      bucket++;
    }
    return bucket;
  }

  /** The upper bounds of all buckets but the last, which has none, in nanoseconds, inclusive. */
  public static long[] boundsNanos() {
    return BOUNDS_NANOS.clone();
  }

  /** How many fell into each bucket alone; one more than there are bounds. */
  public List<Long> buckets() {
    return Stream.of(buckets).map(LongAdder::sum).toList();
  }

  /** How long all of them took together, in nanoseconds. */
  public long sumNanos() {
    return sumNanos.sum();
  }
}
