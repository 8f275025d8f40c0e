package io.vl3.mesh;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * One change after the other, and the jobs that they want done: each is handed to the executor once
 * the lock is free, in order. Thread-safe; no call blocks.
 */
final class Changes {

  private final Object lock = new Object();
  private final Deque<Runnable> jobs = new ArrayDeque<>();
  private final Executor executor;

  /** Guarded by the lock. */
  private boolean stopped;

  Changes(Executor executor) {
    this.executor = executor;
  }

  void make(Runnable change) {
    synchronized (lock) {
      if (stopped) {
        return;
      }
      change.run();
    }
    for (Optional<Runnable> job = nextJob(); job.isPresent(); job = nextJob()) {
      executor.execute(job.get());
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
  void later(Runnable job) {
    jobs.add(job);
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
