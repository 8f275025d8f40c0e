package io.vl3.cli.assembly;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Does the same to each of several, by threads of an executor. Who asks for it waits until nothing
 * of it goes on any more. However fast each is, the failure that is thrown is that of the first in
 * their order, with those of others attached to it.
 */
final class SideBySide<T> {

  private final List<T> all;
  private final Executor executor;
  private final AtomicInteger next = new AtomicInteger();

  /** By place in the order. Guarded by itself. */
  private final SortedMap<Integer, Throwable> failures = new TreeMap<>();

  private volatile boolean interrupted;

  private SideBySide(List<T> all, Executor executor) {
    this.all = List.copyOf(all);
    this.executor = executor;
  }

  /** What is done to one of them; it may block. */
  @FunctionalInterface
  interface Task<T> {
    void run(T one) throws IOException, EndpointException;
  }

  /** To all of them at once, to the others too if it fails with some. */
  static <T> void toAll(List<T> all, Executor executor, Task<T> task)
      throws IOException, EndpointException {
    new SideBySide<>(all, executor).run(all.size(), task, place -> true);
  }

  /**
   * To so many at a time, begun in their order. None is begun that comes after one with which it
   * has failed.
   *
   * @param enough whether none is to be begun any more
   * @throws EndpointException CANCELLED if the thread was interrupted; none was begun since
   */
  static <T> void inTurns(
      List<T> all, Executor executor, int most, Task<T> task, BooleanSupplier enough)
      throws IOException, EndpointException {
    SideBySide<T> turns = new SideBySide<>(all, executor);
    turns.run(
        Math.min(most, all.size()),
        task,
        place -> !turns.interrupted && !enough.getAsBoolean() && !turns.hasFailedBefore(place));
    if (turns.interrupted) {
      throw new EndpointException(
          Reason.CANCELLED,
          "interrupted after %d of %d (expected: to be waited for)"
              .formatted(turns.next.get(), all.size()));
    }
  }

  /** Whether the one at a place is to be begun. */
  private interface Condition {
    boolean holds(int place);
  }

  private void run(int threads, Task<T> task, Condition condition)
      throws IOException, EndpointException {
    CountDownLatch working = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      executor.execute(
          () -> {
            try {
              work(task, condition);
            } finally {
              working.countDown();
            }
          });
    }
    await(working);
    throwFirst();
  }

  private void work(Task<T> task, Condition condition) {
    for (int place = next.getAndIncrement();
        place < all.size() && condition.holds(place);
        place = next.getAndIncrement()) {
      try {
        task.run(all.get(place));
      } catch (IOException | EndpointException | RuntimeException | Error failure) {
        synchronized (failures) {
          failures.put(place, failure);
        }
      }
    }
  }

  private boolean hasFailedBefore(int place) {
    synchronized (failures) {
      return !failures.headMap(place).isEmpty();
    }
  }

  /** To the end, whatever comes: nobody may put away what others still work at. */
  private void await(CountDownLatch working) {
    while (true) {
      try {
        working.await();
        break;
      } catch (InterruptedException asked) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void throwFirst() throws IOException, EndpointException {
    List<Throwable> inOrder = List.copyOf(failures.values());
    if (inOrder.isEmpty()) {
      return;
    }
    Throwable first = inOrder.get(0);
    inOrder.stream().skip(1).forEach(first::addSuppressed);
    if (first instanceof IOException failure) {
      throw failure;
    }
    if (first instanceof EndpointException failure) {
      throw failure;
    }
    if (first instanceof Error failure) {
      throw failure;
    }
    throw (RuntimeException) first;
  }
}
