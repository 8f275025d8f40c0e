package io.vl3.linux;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Steps that are all made, or all taken back in reverse order. */
final class Transaction {

  /** Something done to the kernel or the records. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  /** Looks at each step before it is made; one that throws is a step that failed. */
  @FunctionalInterface
  interface Gate {
    void before(String step) throws IOException;
  }

  private static final Action NOTHING = () -> {};

  private final Gate gate;
  private final Deque<Action> undos = new ArrayDeque<>();
  private boolean changed;

  Transaction(Gate gate) {
    this.gate = gate;
  }

  /** Makes a step that a later failure takes back. */
  void step(String what, Action action, Action undo) throws IOException {
    gate.before(what);
    action.run();
    undos.push(undo);
    changed = true;
  }

  /** Makes a step that an earlier one's undo takes back too. */
  void step(String what, Action action) throws IOException {
    step(what, action, NOTHING);
  }

  /** Whether any step was made. */
  boolean changed() {
    return changed;
  }

  /** Takes everything back as far as it goes; what fails doing so is added to the failure. */
  void rollback(Throwable failure) {
    while (!undos.isEmpty()) {
      try {
        undos.pop().run();
      } catch (IOException | RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }
}
