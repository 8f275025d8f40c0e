package io.vl3.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The machine's clock, with a scheduler that the caller owns and shuts down. */
public final class SystemTimer implements Timer {

  private final ScheduledExecutorService scheduler;

  /** A timer on the given scheduler. */
  public SystemTimer(ScheduledExecutorService scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public Cancellable after(Duration delay, Runnable task) {
    try {
      Future<?> future =
          scheduler.schedule(task, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException shutDown) {
      return () -> {}; // The owner is closing: nothing may start any more.
    }
  }
}
