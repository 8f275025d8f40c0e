package io.vl3.mesh;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads of which one can tell when they have nothing left to do. */
final class TrackedExecutor implements Executor, AutoCloseable {

  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final ExecutorService pool;
  private int outstanding;

  TrackedExecutor(int threads) {
    pool = Executors.newFixedThreadPool(threads);
  }

  @Override
  public void execute(Runnable task) {
    count(1);
    pool.execute(
        () -> {
          try {
            task.run();
          } finally {
            count(-1);
          }
        });
  }

  /** Waits until every task is done, also those that tasks add. */
  synchronized void awaitIdle() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (outstanding > 0) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("tasks: " + outstanding + " (expected: done within a minute)");
      }
      wait(left);
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }

  private synchronized void count(int change) {
    outstanding += change;
    notifyAll();
  }
}
