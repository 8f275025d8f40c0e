package io.vl3.mesh.sim;

import java.util.concurrent.Executor;

/** One life of an NSE's process: what it started ends with it. */
final class Run implements Executor, Worker.Life {

  /** How much later than asked a task may start. */
  private static final int JITTER_NANOS = 1_000_000;

  private final Scheduler scheduler;
  private boolean alive = true;

  Run(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public boolean isAlive() {
    return alive;
  }

  /** The process ends without a word. */
  void kill() {
    alive = false;
  }

  /** Tasks start soon, in no certain order. */
  @Override
  public void execute(Runnable task) {
    scheduler.after(scheduler.random().nextInt(JITTER_NANOS), () -> work(task));
  }

  /** Does something in this process, if there still is one. */
  void work(Runnable task) {
    if (!alive) {
      return;
    }
    Worker self = Worker.current();
    self.processes.push(this);
    try {
      task.run();
    } finally {
      self.processes.poll();
    }
  }
}
