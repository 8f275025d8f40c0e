package io.vl3.cli.assembly;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Undoes what was set up, newest first. Not thread-safe. */
final class Undo implements AutoCloseable {

  private final Deque<Step> steps = new ArrayDeque<>();

  /** Puts one thing away. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  void push(Step step) {
    steps.push(step);
  }

  /** Takes every step, also after one has failed; idempotent. Throws what failed first. */
  @Override
  public void close() throws IOException {
    IOException first = null;
    while (!steps.isEmpty()) {
      try {
        steps.pop().run();
      } catch (IOException | RuntimeException failure) {
        if (first == null) {
          first = failure instanceof IOException io ? io : new IOException(failure);
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
