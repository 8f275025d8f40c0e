package io.vl3.mesh.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Time and turns of a simulation. Whatever happens is an event; time jumps from one to the next. A
 * task may wait in the middle of a call, as a thread does: then another thread goes on with the
 * events. One thread runs at a time, so that a seed gives the same run again.
 */
final class Scheduler implements AutoCloseable {

  private static final long STUCK_SECONDS = 1_200;

  private final Random random;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private final Deque<Worker> idle = new ArrayDeque<>();
  private final Set<Worker> waiting = new HashSet<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final Semaphore driver = new Semaphore(0);

  private long now;
  private long end;
  private long order;
  private long trace;
  private volatile boolean closing;
  private volatile CountDownLatch leaving = new CountDownLatch(0);

  Scheduler(Random random) {
    this.random = random;
  }

  /** Nanoseconds since the start. */
  long now() {
    return now;
  }

  /** A number that two runs of one seed share if they did the same. */
  long trace() {
    return trace;
  }

  Random random() {
    return random;
  }

  /** What tasks threw that they should not have. */
  List<Throwable> failures() {
    return failures;
  }

  /** How many events are to come. */
  int pending() {
    return (int) events.stream().filter(event -> !event.cancelled).count();
  }

  /** Has a task run after a delay. */
  Event after(long delayNanos, Runnable task) {
    return add(new Event(now + Math.max(0, delayNanos), order++, task, null));
  }

  void cancel(Event event) {
    event.cancelled = true;
  }

  /** Lets time pass; called by the test's thread. */
  void run(Duration time) {
    end = now + time.toNanos();
    next().hand();
    try {
      if (!driver.tryAcquire(STUCK_SECONDS, TimeUnit.SECONDS)) {
        StringBuilder where = new StringBuilder("simulator: stuck");
        Thread.getAllStackTraces()
            .forEach(
                (thread, stack) -> {
                  if (thread instanceof Worker) {
                    where.append("\n").append(List.of(stack));
                  }
                });
        throw new AssertionError(where);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    now = end;
  }

  /** Waits within a task. */
  void sleep(long nanos) {
    Worker self = Worker.current();
    checkAlive(self);
    add(new Event(now + Math.max(0, nanos), order++, null, self));
    block(self);
  }

  /** Waits within a task until woken. */
  void block(Worker self) {
    checkAlive(self);
    waiting.add(self);
    next().hand();
    self.await();
    waiting.remove(self);
    checkAlive(self);
  }

  void wake(Worker worker) {
    add(new Event(now, order++, null, worker));
  }

  void checkAlive(Worker self) {
    Worker.Life process = self.processes.peek();
    if (closing || (process != null && !process.isAlive())) {
      throw new Crashed();
    }
  }

  private Event add(Event event) {
    events.add(event);
    return event;
  }

  private Worker next() {
    Worker worker = idle.poll();
    return worker == null ? Worker.take(this) : worker;
  }

  /** What a thread with the baton does: takes events until it has to hand the baton on. */
  void loop(Worker self) {
    while (!closing) {
      Event event = poll();
      if (event == null) {
        idle.push(self);
        driver.release();
        self.await();
      } else if (event.worker != null) {
        idle.push(self);
        event.worker.hand();
        self.await();
      } else {
        run(self, event);
      }
    }
  }

  private void run(Worker self, Event event) {
    try {
      if (event.task != null) {
        event.task.run();
      }
    } catch (Crashed processIsGone) {
      // Its work ends in the middle.
    } catch (RuntimeException | Error failure) {
      failures.add(failure);
    }
    self.processes.clear();
  }

  private @Nullable Event poll() {
    while (true) {
      Event first = events.peek();
      if (first == null || first.at > end) {
        return null;
      }
      events.remove();
      if (!first.cancelled) {
        now = first.at;
        trace = trace * 31 + first.at + first.order;
        return first;
      }
    }
  }

  /** Ends every thread that still waits. */
  @Override
  public void close() {
    closing = true;
    List<Worker> all = new ArrayList<>(waiting);
    all.addAll(idle);
    for (Worker worker : all) {
      leaving = new CountDownLatch(1);
      worker.hand();
      try {
        leaving.await(STUCK_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  void left() {
    leaving.countDown();
  }

  /** Something to come: a task, or a thread that goes on. */
  static final class Event {
    private final long at;
    private final long order;
    private final @Nullable Runnable task;
    private final @Nullable Worker worker;
    private boolean cancelled;

    Event(long at, long order, @Nullable Runnable task, @Nullable Worker worker) {
      this.at = at;
      this.order = order;
      this.task = task;
      this.worker = worker;
    }

    long at() {
      return at;
    }

    long order() {
      return order;
    }
  }
}
