package io.vl3.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * A clock that can call back: the only source of time in library code.
 *
 * <p>Thread-safe. Tasks run on the timer's own thread and must not block: they hand work to an
 * executor.
 */
public interface Timer extends InstantSource {

  /**
   * The time in nanoseconds since some moment, of a clock that nobody sets; only what lies between
   * two means something.
   */
  default long nanos() {
    Instant now = instant();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /** Calls the task once, after the delay (at once if it is zero or negative). */
  Cancellable after(Duration delay, Runnable task);

  /** A task that may still be called off. */
  @FunctionalInterface
  interface Cancellable {
    /** Calls the task off if it has not started; idempotent. */
    void cancel();
  }
}
