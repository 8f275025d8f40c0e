package io.vl3.admin;

import io.vl3.health.HealthBoard;

/** Listens for a client until it leaves, also if it leaves before the listening has begun. */
final class Following {

  private HealthBoard.Listening listening = () -> {};
  private boolean closed;

  synchronized void begin(HealthBoard.Listening begun) {
    listening = begun;
    if (closed) {
      begun.close();
    }
  }

  synchronized void close() {
    closed = true;
    listening.close();
  }
}
