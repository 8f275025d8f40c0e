package io.vl3.endpoint.element;

import io.vl3.time.Timer;
import java.time.Duration;

/**
 * One timer of one connection that is set anew again and again. It is the one mutable thing that is
 * kept in a session: what is set after a commit must still be found by the next request. Each
 * connection has one, so it is small. Thread-safe.
 */
final class Alarm implements AutoCloseable {

  private final Timer timer;
  private Timer.Cancellable pending = () -> {};
  private int turn;

  Alarm(Timer timer) {
    this.timer = timer;
  }

  /** Sets the alarm; one set before is called off. */
  synchronized void set(Duration delay, Ringing task) {
    pending.cancel();
    int mine = ++turn;
    pending = timer.after(delay, () -> ring(mine, task));
  }

  /** Calls the alarm off. */
  synchronized void cancel() {
    pending.cancel();
    pending = () -> {};
    turn++;
  }

  /** Calls the alarm off. */
  @Override
  public void close() {
    cancel();
  }

  /** Whether the alarm was neither set anew nor called off since. */
  synchronized boolean isAt(int mine) {
    return turn == mine;
  }

  /** Sets the alarm again, unless it was set anew or called off since. */
  synchronized void setIfAt(int mine, Duration delay, Ringing task) {
    if (turn == mine) {
      set(delay, task);
    }
  }

  private void ring(int mine, Ringing task) {
    if (isAt(mine)) {
      task.ring(this, mine);
    }
  }

  /** The action of an alarm that goes off. */
  interface Ringing {
    /** Called with the alarm and its turn, for {@link #isAt}. */
    void ring(Alarm alarm, int turn);
  }
}
