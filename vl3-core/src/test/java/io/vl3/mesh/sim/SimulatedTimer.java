package io.vl3.mesh.sim;

import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;

/** The clock of one run of an NSE, which may go wrong by a constant. */
final class SimulatedTimer implements Timer {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Scheduler scheduler;
  private final Run run;
  private final Duration skew;
  private int waiting;

  SimulatedTimer(Scheduler scheduler, Run run, Duration skew) {
    this.scheduler = scheduler;
    this.run = run;
    this.skew = skew;
  }

  /** How many tasks wait. */
  int waiting() {
    return waiting;
  }

  private final class Due {
    private boolean over;

    Due() {
      waiting++;
    }

    void over() {
      waiting -= over ? 0 : 1;
      over = true;
    }
  }

  /** The true time. */
  static Instant truth(Scheduler scheduler) {
    return START.plusNanos(scheduler.now());
  }

  @Override
  public Instant instant() {
    return truth(scheduler).plus(skew);
  }

  @Override
  public Cancellable after(Duration delay, Runnable task) {
    Due due = new Due();
    Scheduler.Event event =
        scheduler.after(
            delay.toNanos(),
            () -> {
              due.over();
              run.work(task);
            });
    return () -> {
      due.over();
      scheduler.cancel(event);
    };
  }
}
