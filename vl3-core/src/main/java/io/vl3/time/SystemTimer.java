package io.vl3.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The machine's clock, with a scheduler that the caller owns and shuts down. A task that is called
 * off leaves the scheduler at once: each refresh calls off a task that is due in minutes only, and
 * a task holds all that it would work on.
 */
public final class SystemTimer implements Timer {

  private final ScheduledThreadPoolExecutor scheduler;

  /** A timer on the given scheduler, whose policy of removal it sets. */
  public SystemTimer(ScheduledThreadPoolExecutor scheduler) {
    this.scheduler = scheduler;
    scheduler.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Cancellable after(Duration delay, Runnable task) {
    Scheduled scheduled = new Scheduled(task);
    try {
      scheduled.future =
          scheduler.schedule(scheduled, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
      return scheduled;
    } catch (RejectedExecutionException shutDown) {
      return () -> {}; // The owner is closing: nothing may start any more.
    }
  }

  /** A task and the way to call it off in one: each connection has one, which waits for minutes. */
  private static final class Scheduled implements Callable<@Nullable Void>, Cancellable {

    private final Runnable task;

    /** Volatile, as whoever calls it off may be another thread than who has set it. */
    private volatile @Nullable Future<?> future;

    Scheduled(Runnable task) {
      this.task = task;
    }

    @Override
    public @Nullable Void call() {
      task.run();
      return null;
    }

    @Override
    public void cancel() {
      Future<?> set = future;
      if (set != null) {
        set.cancel(false);
      }
    }
  }
}
