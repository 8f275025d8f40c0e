package io.vl3.vpp;

import io.vl3.time.Timer;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a data plane looks at its VPP: after a while, sooner if something is wrong or VPP reported
 * something, and one look at a time.
 *
 * <p>Thread-safe; its lock is not held while a look runs.
 */
final class Looks {

  private static final Duration SOON = Duration.ofMillis(20);

  /** A data plane that is well spends at most one of so many parts of the time in looking. */
  private static final int PARTS = 20;

  /** How soon who was at the other end of a link is sought again, at most a fifth of the time. */
  private static final Duration SEEK = Duration.ofMillis(500);

  private static final int SEEK_PARTS = 5;

  private final VppSettings.Pace pace;
  private final Timer timer;
  private final RandomGenerator random;
  private final Runnable look;

  /** Guarded by this, like all below. */
  private int failures;

  private Timer.Cancellable next = () -> {};
  private boolean soon;
  private boolean running;
  private boolean closed;

  /**
   * No look is planned yet.
   *
   * @param look has a look done, by another thread or at once
   */
  Looks(VppSettings.Pace pace, Timer timer, RandomGenerator random, Runnable look) {
    this.pace = pace;
    this.timer = timer;
    this.random = random;
    this.look = look;
  }

  /** A look begins; answers false if it shall not: there is one, or no more shall be. */
  synchronized boolean begin() {
    if (running) {
      plan(pace.verify());
    }
    if (closed || running) {
      return false;
    }
    soon = false;
    running = true;
    return true;
  }

  /** The look that began is over. What was reported meanwhile it may not have seen. */
  synchronized void end() {
    running = false;
    if (soon) {
      plan(SOON);
    }
  }

  /**
   * It is known what VPP has.
   *
   * @param took how long that took
   * @param well whether all that is wanted is there
   * @param isBack whether VPP was away before
   * @param seeks whether the other end of a link is sought
   */
  synchronized void looked(Duration took, boolean well, boolean isBack, boolean seeks) {
    failures = well ? 0 : (isBack ? 0 : failures) + 1;
    Duration usual =
        seeks
            ? longer(SEEK, took.multipliedBy(SEEK_PARTS))
            : longer(pace.verify(), took.multipliedBy(PARTS));
    plan(failures > 0 ? longer(pace.again().delay(failures, random), took) : usual);
  }

  /** VPP was lost; answers false if nobody cares any more. */
  synchronized boolean lost() {
    if (closed) {
      return false;
    }
    failures++;
    plan(pace.again().delay(failures, random));
    return true;
  }

  /** Something is not as it was left. */
  synchronized void soon() {
    if (!soon) {
      soon = true;
      plan(SOON);
    }
  }

  /** Nothing came of a look. */
  synchronized void later() {
    plan(pace.verify());
  }

  /** No more looks. */
  synchronized void close() {
    closed = true;
    next.cancel();
  }

  /** The caller holds the lock. */
  private void plan(Duration wait) {
    next.cancel();
    next = closed ? () -> {} : timer.after(wait, look);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
