package io.vl3.vpp.internal;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Who may talk to the agent and use the programmer: one at a time, in order of arrival. Calls of
 * the agent are made while it is held, so nobody takes it who holds a lock.
 */
public final class Turn {

  private final Semaphore one = new Semaphore(1, true);

  /** A turn that nobody has. */
  public Turn() {}

  /** Takes the turn; answers false if it was not free in time, or the thread was interrupted. */
  public boolean take(Duration longest) {
    try {
      return one.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Gives it back. */
  public void give() {
    one.release();
  }
}
