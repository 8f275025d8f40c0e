package io.vl3.endpoint;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** An executor that runs what it was given when told to, in the thread that tells. Thread-safe. */
public final class ManualExecutor implements Executor {

  private final Queue<Runnable> tasks = new ArrayDeque<>();

  @Override
  public synchronized void execute(Runnable task) {
    tasks.add(task);
  }

  /** Runs the oldest task; answers whether there was one. */
  public boolean runNext() {
    Runnable task = poll();
    if (task != null) {
      task.run();
    }
    return task != null;
  }

  /** Runs tasks, also those that they add, until none waits; answers how many. */
  public int runAll() {
    int count = 0;
    while (runNext()) {
      count++;
    }
    return count;
  }

  /** How many tasks wait. */
  public synchronized int size() {
    return tasks.size();
  }

  private synchronized Runnable poll() {
    return tasks.poll();
  }
}
