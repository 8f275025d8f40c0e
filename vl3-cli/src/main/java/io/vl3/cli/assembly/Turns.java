package io.vl3.cli.assembly;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks that block, so many at a time, in the order in which they came. Thread-safe; does not
 * block.
 */
final class Turns {

  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

  private final Executor executor;
  private final int most;

  /** Guarded by this, as is what follows. */
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  private int running;

  Turns(Executor executor, int most) {
    this.executor = executor;
    this.most = most;
  }

  /**
   * Runs the task once there is room.
   *
   * @throws RejectedExecutionException if the executor has ended
   */
  void take(Runnable task) {
    synchronized (this) {
      if (running == most) {
        waiting.add(task);
        return;
      }
      running++;
    }
    begin(task);
  }

  private void begin(Runnable task) {
    try {
      executor.execute(() -> run(task));
    } catch (RejectedExecutionException ending) {
      synchronized (this) {
        running--;
      }
      throw ending;
    }
  }

  /** What waits when the executor has ended is never run, as if it had been refused before. */
  private void beginUnlessEnding(Runnable task) {
    try {
      begin(task);
    } catch (RejectedExecutionException ending) {
      LOG.debug("a task is dropped: the process ends");
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } finally {
      next().ifPresent(this::beginUnlessEnding);
    }
  }

  /** Who has the turn now; the turn ends if nobody waits. */
  private synchronized Optional<Runnable> next() {
    if (waiting.isEmpty()) {
      running--;
    }
    return Optional.ofNullable(waiting.poll());
  }
}
