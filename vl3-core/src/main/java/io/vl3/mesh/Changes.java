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
  private final Deque<Job> jobs = new ArrayDeque<>();
  private final Executor executor;
  private final Executor dials;

  /** Guarded by the lock. */
  private boolean stopped;

  /**
   * No change yet.
   *
   * @param dials where dials run, in turns of theirs
   */
  Changes(Executor executor, Executor dials) {
    this.executor = executor;
    this.dials = dials;
  }

  /** Something to run, and where. */
  private record Job(Runnable task, Executor where) {}

  void make(Runnable change) {
    synchronized (lock) {
      if (stopped) {
        return;
      }
      change.run();
    }
    for (Optional<Job> job = nextJob(); job.isPresent(); job = nextJob()) {
      job.get().where().execute(job.get().task());
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
    jobs.add(new Job(task, executor));
  }

  /** A dial to make without the lock, when its turn comes. Called in a change. */
  void dialLater(Runnable dial) {
    jobs.add(new Job(dial, dials));
  }

  /** A question whose answer holds between two changes. */
  <T> T ask(Supplier<T> question) {
    synchronized (lock) {
      return question.get();
    }
  }

  private Optional<Job> nextJob() {
    return ask(() -> Optional.ofNullable(jobs.poll()));
  }
}
