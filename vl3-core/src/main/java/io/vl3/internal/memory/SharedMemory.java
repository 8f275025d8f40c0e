package io.vl3.internal.memory;

import java.util.HashMap;
import java.util.Map;

/**
 * How much memory many may use: so much in all, so much each, that one alone does not leave the
 * others without. Thread-safe.
 */
public final class SharedMemory {

  private final long most;
  private final long mostEach;
  private final Map<Object, Long> usedBy = new HashMap<>();
  private long used;

  /**
   * Nothing is used yet.
   *
   * @param most how many bytes in all; each may use a quarter of it
   */
  public SharedMemory(long most) {
    this(most, most / 4);
  }

  /**
   * Nothing is used yet.
   *
   * @param most how many bytes in all
   * @param mostEach how many bytes each
   */
  public SharedMemory(long most, long mostEach) {
    this.most = most;
    this.mostEach = mostEach;
  }

  /** A part of what the heap of this JVM may grow to: 1/n of it. */
  public static SharedMemory ofHeap(int n) {
    return new SharedMemory(Runtime.getRuntime().maxMemory() / n);
  }

  /**
   * Takes bytes for somebody; less than none gives back.
   *
   * @return false if there are too few left: nothing is taken then
   */
  public synchronized boolean take(Object user, long bytes) {
    long before = usedBy.getOrDefault(user, 0L);
    if (bytes > 0 && (before + bytes > mostEach || used + bytes > most)) {
      return false;
    }
    used += bytes;
    usedBy.put(user, before + bytes);
    if (before + bytes <= 0) {
      usedBy.remove(user);
    }
    return true;
  }

  /** Gives bytes back. */
  public void giveBack(Object user, long bytes) {
    take(user, -bytes);
  }

  /** How many bytes are used. */
  public synchronized long used() {
    return used;
  }

  /** How many bytes one may use. */
  public long mostEach() {
    return mostEach;
  }

  /** How many use any. */
  public synchronized int users() {
    return usedBy.size();
  }
}
