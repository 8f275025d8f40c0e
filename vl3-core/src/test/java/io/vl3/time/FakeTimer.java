package io.vl3.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * A clock that stands until it is moved. Due tasks run in the thread that moves it, in order of
 * their time; each sees the clock at its own time. Thread-safe.
 */
public final class FakeTimer implements Timer {

  private final Queue<Task> tasks =
      new PriorityQueue<>(Comparator.comparing(Task::at).thenComparing(Task::order));
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long scheduled;

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public synchronized Cancellable after(Duration delay, Runnable task) {
    Duration wait = delay.isNegative() ? Duration.ZERO : delay;
    Task entry = new Task(now.plus(wait), scheduled++, task);
    tasks.add(entry);
    return () -> cancel(entry);
  }

  /** Moves the clock on and runs what falls due, also what that schedules within the time. */
  public void advance(Duration duration) {
    Instant end = instant().plus(duration);
    for (Task due = takeDue(end); due != null; due = takeDue(end)) {
      due.action.run();
    }
    moveTo(end);
  }

  /** Runs what is due now without moving the clock. */
  public void runDue() {
    advance(Duration.ZERO);
  }

  /** How many tasks wait. */
  public synchronized int pending() {
    return tasks.size();
  }

  /** How long until the next task; fails if there is none. */
  public synchronized Duration untilNext() {
    Task first = tasks.peek();
    if (first == null) {
      throw new AssertionError("timer: no task waits (expected: at least one)");
    }
    return Duration.between(now, first.at);
  }

  private synchronized void cancel(Task task) {
    tasks.remove(task);
  }

  private synchronized Task takeDue(Instant end) {
    Task first = tasks.peek();
    if (first == null || first.at.isAfter(end)) {
      return null;
    }
    tasks.remove(first);
    moveTo(first.at);
    return first;
  }

  private synchronized void moveTo(Instant time) {
    now = time.isAfter(now) ? time : now;
  }

  private record Task(Instant at, long order, Runnable action) {}
}
