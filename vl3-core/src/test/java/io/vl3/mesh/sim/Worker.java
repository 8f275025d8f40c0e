package io.vl3.mesh.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread of the simulator. Of all of them exactly one runs at a time: the one that was handed the
 * baton last.
 */
final class Worker extends Thread {

  private static final Deque<Worker> POOL = new ArrayDeque<>();

  /** The processes that the thread works in: a call goes into the callee's and comes back. */
  final Deque<Life> processes = new ArrayDeque<>();

  private volatile boolean baton;
  private volatile Scheduler scheduler;

  private Worker(Scheduler scheduler) {
    super("simulator");
    this.scheduler = scheduler;
    setDaemon(true);
  }

  /** A process that may end while threads work in it. */
  interface Life {
    boolean isAlive();
  }

  /** A worker that waits for the baton, new or used before. */
  static Worker take(Scheduler scheduler) {
    Worker used;
    synchronized (POOL) {
      used = POOL.poll();
    }
    if (used != null) {
      used.scheduler = scheduler;
      return used;
    }
    Worker fresh = new Worker(scheduler);
    fresh.start();
    return fresh;
  }

  static Worker current() {
    return (Worker) Thread.currentThread();
  }

  @Override
  public void run() {
    while (true) {
      await();
      Scheduler mine = scheduler;
      mine.loop(this);
      synchronized (POOL) {
        POOL.add(this);
      }
      mine.left();
    }
  }

  void hand() {
    baton = true;
    LockSupport.unpark(this);
  }

  void await() {
    while (!baton) {
      LockSupport.park(this);
    }
    baton = false;
  }
}
