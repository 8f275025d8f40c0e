package io.vl3.measure;

import java.util.concurrent.atomic.LongAdder;

/** Counts up. Thread-safe, and cheap from many threads. */
public final class Counter {

  private final LongAdder sum = new LongAdder();

  /** One more. */
  public void add() {
    sum.increment();
  }

  /** How many so far. */
  public long value() {
    return sum.sum();
  }
}
