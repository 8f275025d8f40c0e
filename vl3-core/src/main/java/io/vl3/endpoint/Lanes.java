package io.vl3.endpoint;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.time.Deadline;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One lane per key: what runs in a lane runs one at a time, in arrival order. A lane exists while
 * it is used. Not re-entrant: a chain that calls back into its own connection throws.
 */
final class Lanes<K> {

  private final ConcurrentMap<K, Lane> lanes = new ConcurrentHashMap<>();
  private final Supplier<ReentrantLock> locks;

  Lanes() {
    this(() -> new ReentrantLock(true));
  }

  /**
   * Lanes that wait in another way.
   *
   * @param locks makes the locks that they wait at; each serves in order of arrival
   */
  Lanes(Supplier<ReentrantLock> locks) {
    this.locks = locks;
  }

  /** Work in a lane. */
  interface Work<T> {
    T run() throws EndpointException;
  }

  <T> T run(K key, Deadline deadline, Work<T> work) throws EndpointException {
    return run(key, deadline, work, late -> {});
  }

  /**
   * The same.
   *
   * @param refused told why the work's turn did not come
   */
  <T> T run(K key, Deadline deadline, Work<T> work, Consumer<EndpointException> refused)
      throws EndpointException {
    Lane lane = enter(key);
    try {
      take(lane, key, deadline, refused);
      try {
        return work.run();
      } finally {
        lane.lock.unlock();
      }
    } finally {
      leave(key);
    }
  }

  private static void take(
      Lane lane, Object key, Deadline deadline, Consumer<EndpointException> refused)
      throws EndpointException {
    try {
      lane.take(key, deadline);
    } catch (EndpointException late) {
      refused.accept(late);
      throw late;
    }
  }

  int size() {
    return lanes.size();
  }

  private Lane enter(K key) {
    return lanes.compute(
        key,
        (k, existing) -> {
          Lane lane = existing == null ? new Lane(locks.get()) : existing;
          lane.users++;
          return lane;
        });
  }

  private void leave(K key) {
    lanes.computeIfPresent(key, (k, lane) -> --lane.users == 0 ? null : lane);
  }

  private static final class Lane {

    private final ReentrantLock lock;

    /** Changed only inside the map's per-key compute. */
    private int users;

    Lane(ReentrantLock lock) {
      this.lock = lock;
    }

    void take(Object key, Deadline deadline) throws EndpointException {
      if (lock.isHeldByCurrentThread()) {
        throw new IllegalStateException("connection " + key + ": its chain calls back into itself");
      }
      try {
        // Even a passed deadline takes a free lane: the work itself decides what it can still do.
        if (!lock.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
          throw new EndpointException(
              Reason.DEADLINE,
              "connection: %s (expected: its earlier request to end in time)".formatted(key));
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new EndpointException(Reason.CANCELLED, "connection: " + key + " interrupted");
      }
    }
  }
}
