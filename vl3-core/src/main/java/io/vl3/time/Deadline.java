package io.vl3.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A point in time by which something must have answered.
 *
 * @param clock the clock that it is read against
 * @param at the moment; at it the deadline has passed
 */
public record Deadline(InstantSource clock, Instant at) {

  /** The deadline the given time from now. */
  public static Deadline after(Duration duration, InstantSource clock) {
    return new Deadline(clock, clock.instant().plus(duration));
  }

  /** The time that is left; zero once passed. */
  public Duration remaining() {
    Duration left = Duration.between(clock.instant(), at);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Whether nothing is left. */
  public boolean passed() {
    return remaining().isZero();
  }
}
