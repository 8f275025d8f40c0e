package io.vl3.vpp.internal;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The right to call the agent and to use the programmer. One thread at a time has it, in order of
 * arrival. Its holder calls the agent, so a thread that holds a lock must not take it.
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
