package io.vl3.cli.demo;

import java.util.ArrayList;
import java.util.List;

/** Threads that do nothing but take processor time, until closed. */
final class BusyLoops implements AutoCloseable {

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  /** As many as asked for; none for 0. */
  BusyLoops(int count) {
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(this::spin, "busy-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  private void spin() {
    while (!closed) {
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
