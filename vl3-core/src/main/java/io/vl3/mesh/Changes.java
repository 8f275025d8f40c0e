package io.vl3.mesh;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One change after the other, and the jobs that they want done: each is handed to its threads once
 * the lock is free, in order. Thread-safe; no call blocks.
 */
final class Changes {

  private final Object lock = new Object();
  private final Deque<Runnable> jobs = new ArrayDeque<>();
  private final MeshThreads threads;

  /** Guarded by the lock. */
  private boolean stopped;

  Changes(MeshThreads threads) {
    this.threads = threads;
  }

  void make(Runnable change) {
    synchronized (lock) {
      if (stopped) {
        return;
      }
      change.run();
    }
    for (Optional<Runnable> job = nextJob(); job.isPresent(); job = nextJob()) {
      job.get().run();
    }
  }

  /** Makes no change any more, and does no job that waits. */
  void stop() {
    synchronized (lock) {
      stopped = true;
      jobs.clear();
    }
  }

  /** Something to run without the lock. Called in a change. */
  void later(Runnable task) {
    jobs.add(() -> threads.work().execute(task));
  }

  /**
   * A dial to make without the lock, when its turn comes. Called in a change.
   *
   * @param again whether the last one to that peer failed
   */
  void dialLater(boolean again, BooleanSupplier dial) {
    Consumer<BooleanSupplier> turns = again ? threads.redials() : threads.dials();
    jobs.add(() -> turns.accept(dial));
  }

  /** A question whose answer holds between two changes. */
  <T> T ask(Supplier<T> question) {
    synchronized (lock) {
      return question.get();
    }
  }

  private Optional<Runnable> nextJob() {
    return ask(() -> Optional.ofNullable(jobs.poll()));
  }
}
