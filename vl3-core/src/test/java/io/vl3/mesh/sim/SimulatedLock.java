package io.vl3.mesh.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A lock at which one waits on the simulator's clock. First come, first served. */
final class SimulatedLock extends ReentrantLock {

  private final transient Scheduler scheduler;
  private final transient Deque<Waiter> waiters = new ArrayDeque<>();
  private transient @Nullable Thread owner;

  SimulatedLock(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public boolean tryLock(long timeout, TimeUnit unit) {
    if (owner == null) {
      owner = Thread.currentThread();
      return true;
    }
    Waiter waiter = new Waiter(Worker.current());
    waiters.add(waiter);
    Scheduler.Event late = scheduler.after(unit.toNanos(timeout), () -> giveUp(waiter));
    scheduler.block(waiter.worker);
    scheduler.cancel(late);
    return waiter.granted;
  }

  @Override
  public void unlock() {
    Waiter first = waiters.poll();
    owner = first == null ? null : first.worker;
    if (first != null) {
      first.granted = true;
      scheduler.wake(first.worker);
    }
  }

  @Override
  public boolean isHeldByCurrentThread() {
    return owner == Thread.currentThread();
  }

  private void giveUp(Waiter waiter) {
    if (waiters.remove(waiter)) {
      scheduler.wake(waiter.worker);
    }
  }

  private static final class Waiter {
    private final Worker worker;
    private boolean granted;

    Waiter(Worker worker) {
      this.worker = worker;
    }
  }
}
