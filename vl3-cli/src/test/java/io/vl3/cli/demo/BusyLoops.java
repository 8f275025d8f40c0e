package io.vl3.cli.demo;

/** Threads that do nothing but take processor time, until closed. */
final class BusyLoops implements AutoCloseable {

  private volatile boolean closed;

  /** As many as asked for; none for 0. */
  BusyLoops(int count) {
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(this::spin, "busy-" + i);
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void spin() {
    while (!closed) {
      Thread.onSpinWait();
    }
  }

  /** They end within moments; nobody waits for it. */
  @Override
  public void close() {
    closed = true;
  }
}
