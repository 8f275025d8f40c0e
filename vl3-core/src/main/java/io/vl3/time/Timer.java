package io.vl3.time;

import java.time.Duration;
import java.time.InstantSource;

/**
 * A clock that can call back: the only source of time in library code.
 *
 * <p>Thread-safe. Tasks run on the timer's own thread and must not block: they hand work to an
 * executor.
 */
public interface Timer extends InstantSource {

  /** Calls the task once, after the delay (at once if it is zero or negative). */
  Cancellable after(Duration delay, Runnable task);

  /** A task that may still be called off. */
  @FunctionalInterface
  interface Cancellable {
    /** Calls the task off if it has not started; idempotent. */
    void cancel();
  }
}
