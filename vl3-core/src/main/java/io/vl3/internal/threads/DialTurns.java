package io.vl3.internal.threads;

import io.vl3.time.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Where the dials of all endpoints of a process run: so many at a time, in the order in which they
 * came. Of thousands that begin at once none would end in time. A dial that takes long, as to a
 * peer that is dead, goes on, but gives its turn to the next. Thread-safe; does not block.
 */
public final class DialTurns implements Executor {

  private final Executor executor;
  private final Timer timer;
  private final int most;
  private final Duration longest;

  /** Guarded by this, like the next. */
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  private int taken;

  /**
   * No dial yet.
   *
   * @param executor where dials run; they block
   * @param most how many have a turn at a time
   * @param longest how long a turn lasts; a dial that takes longer goes on without one
   */
  public DialTurns(Executor executor, Timer timer, int most, Duration longest) {
    this.executor = executor;
    this.timer = timer;
    this.most = most;
    this.longest = longest;
  }

  @Override
  public void execute(Runnable dial) {
    synchronized (this) {
      if (taken == most) {
        waiting.add(dial);
        return;
      }
      taken++;
    }
    begin(dial);
  }

  /** How many wait for their turn. */
  synchronized int waiting() {
    return waiting.size();
  }

  private void begin(Runnable dial) {
    Turn turn = new Turn();
    turn.end = timer.after(longest, turn::over);
    try {
      executor.execute(
          () -> {
            try {
              dial.run();
            } finally {
              turn.over();
            }
          });
    } catch (RejectedExecutionException ending) {
      turn.end.cancel(); // nobody else's turn comes any more either
      throw ending;
    }
  }

  /** Whose turn is next; nobody's if nobody waits. */
  private synchronized Optional<Runnable> next() {
    if (waiting.isEmpty()) {
      taken--;
    }
    return Optional.ofNullable(waiting.poll());
  }

  /** The turn of one dial, which ends once. */
  private final class Turn {

    private volatile Timer.Cancellable end = () -> {};
    private boolean over;

    void over() {
      synchronized (this) {
        if (over) {
          return;
        }
        over = true;
      }
      end.cancel();
      next().ifPresent(DialTurns.this::begin);
    }
  }
}
