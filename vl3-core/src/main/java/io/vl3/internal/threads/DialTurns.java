package io.vl3.internal.threads;

import io.vl3.time.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Where the dials of all endpoints of a process run: so many at a time, in the order in which they
 * came. Of thousands that begin at once none would end in time.
 *
 * <p>How many is found out: one more after each that ended quickly. A dial that takes long, as to a
 * peer that is dead, goes on, but gives its turn to the next. Where it is the processors that are
 * wanted, as by a hundred processes that dial each other, it keeps its turn, and half as many have
 * one: more would only take longer. Thread-safe; does not block.
 */
public final class DialTurns {

  private final Executor executor;
  private final Timer timer;
  private final int most;
  private final Duration quick;
  private final LongSupplier waited;

  /** Guarded by this, like all below. */
  private final Deque<BooleanSupplier> waiting = new ArrayDeque<>();

  private int allowed = 1;
  private int taken;
  private long quickEnds;

  /**
   * No dial yet.
   *
   * @param executor where dials run; they block
   * @param most how many have a turn at a time at most
   * @param quick a dial that takes longer takes long
   * @param waited for how many nanoseconds in all somebody waited for a processor, see {@link
   *     CpuPressure}
   */
  public DialTurns(Executor executor, Timer timer, int most, Duration quick, LongSupplier waited) {
    this.executor = executor;
    this.timer = timer;
    this.most = most;
    this.quick = quick;
    this.waited = waited;
  }

  /**
   * Has a dial run when its turn comes.
   *
   * @param dial returns whether it dialled; one that was not wanted any more tells nothing
   * @throws RejectedExecutionException if the executor has ended
   */
  public void add(BooleanSupplier dial) {
    synchronized (this) {
      waiting.add(dial);
    }
    beginNext();
  }

  /** How many wait for their turn. */
  synchronized int waiting() {
    return waiting.size();
  }

  private void beginNext() {
    for (Turn turn : due()) {
      turn.begin();
    }
  }

  /** Those whose turn has come. */
  private synchronized List<Turn> due() {
    List<Turn> due = new ArrayList<>();
    while (taken < allowed && !waiting.isEmpty()) {
      taken++;
      due.add(new Turn(waiting.remove()));
    }
    return due;
  }

  private void allowOneMore() {
    allowed = Math.min(most, allowed + 1);
  }

  /** The turn of one dial, which ends once. Its fields are guarded by the turns. */
  private final class Turn {

    private final BooleanSupplier dial;
    private final long quickEndsBefore = quickEnds;
    private Timer.Cancellable look = () -> {};
    private long waitedBefore;
    private boolean takesLong;
    private boolean over;

    Turn(BooleanSupplier dial) {
      this.dial = dial;
    }

    void begin() {
      lookLater();
      try {
        executor.execute(this::run);
      } catch (RejectedExecutionException ending) {
        stopLooking(); // nobody else's turn comes any more either
        throw ending;
      }
    }

    private void run() {
      boolean dialled = true;
      try {
        dialled = dial.getAsBoolean();
      } finally {
        ended(dialled);
        beginNext();
      }
    }

    private void ended(boolean dialled) {
      synchronized (DialTurns.this) {
        if (dialled && !takesLong) {
          quickEnds++;
          allowOneMore();
        }
        giveOn();
      }
    }

    private void lookLater() {
      synchronized (DialTurns.this) {
        if (!over) {
          waitedBefore = waited.getAsLong();
          look = timer.after(quick, this::look);
        }
      }
    }

    private void stopLooking() {
      synchronized (DialTurns.this) {
        over = true;
        look.cancel();
      }
    }

    private void look() {
      if (keepsItsTurn()) {
        lookLater();
      } else {
        beginNext();
      }
    }

    private boolean keepsItsTurn() {
      synchronized (DialTurns.this) {
        if (over) {
          return false;
        }
        boolean first = !takesLong;
        takesLong = true;
        if (!isCpuWanted()) {
          allowOneMore();
          giveOn();
        } else if (quickEnds > quickEndsBefore) {
          giveOn(); // others are quick all the same
        } else if (first) {
          allowed = Math.max(1, allowed / 2);
        }
        return !over;
      }
    }

    /** Somebody waited for half of the time since the last look, or longer. */
    private boolean isCpuWanted() {
      return 2 * (waited.getAsLong() - waitedBefore) >= quick.toNanos();
    }

    private void giveOn() {
      if (!over) {
        stopLooking();
        taken--;
      }
    }
  }
}
