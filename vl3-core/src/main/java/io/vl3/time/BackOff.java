package io.vl3.time;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubling, with jitter, so that many that failed
 * together do not return together.
 *
 * @param first the longest wait before the second attempt; positive
 * @param longest the longest wait ever; at least {@code first}
 */
public record BackOff(Duration first, Duration longest) {

  /** Refuses waits that are not positive or not in order. */
  public BackOff {
    if (first.isNegative() || first.isZero()) {
      throw new IllegalArgumentException("first: " + first + " (expected: positive)");
    }
    if (longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "longest: %s (expected: at least first, %s)".formatted(longest, first));
    }
  }

  /**
   * The wait after a number of failures in a row: between half of the doubled time and all of it.
   *
   * @param failures how many attempts failed in a row; at least 1
   */
  public Duration delay(int failures, RandomGenerator random) {
    Duration whole = first;
    for (int i = 1; i < failures && whole.compareTo(longest) < 0; i++) {
      whole = whole.multipliedBy(2);
    }
    long nanos = (whole.compareTo(longest) < 0 ? whole : longest).toNanos();
    return Duration.ofNanos(nanos / 2 + random.nextLong(nanos / 2 + 1));
  }
}
