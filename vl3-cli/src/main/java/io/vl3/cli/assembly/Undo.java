package io.vl3.cli.assembly;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Undoes what was set up, newest first: all of it at the end, or only what a successor does not
 * take over. Used by one thread at a time; any may look.
 */
final class Undo implements AutoCloseable {

  private static final Step NOTHING = () -> {};

  private final Deque<Entry> entries = new ConcurrentLinkedDeque<>();

  /** Puts one thing away. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  /** A part and how it is put away; before a successor takes over it may be otherwise. */
  private record Entry(String what, Step atEnd, Step before) {}

  /** Something of this process alone. */
  void push(String what, Step step) {
    entries.push(new Entry(what, step, step));
  }

  /** Something that a successor takes over as it is. */
  void pushLasting(String what, Step atEnd) {
    entries.push(new Entry(what, atEnd, NOTHING));
  }

  /** Something that is put away otherwise before a successor takes over. */
  void push(String what, Step atEnd, Step beforeSuccessor) {
    entries.push(new Entry(what, atEnd, beforeSuccessor));
  }

  /** The parts that are not put away yet, in the order of doing. */
  List<String> left() {
    List<String> all = new ArrayList<>();
    entries.forEach(entry -> all.add(entry.what));
    return all;
  }

  /** Takes every step, also after one has failed; idempotent. Throws what failed first. */
  @Override
  public void close() throws IOException {
    run(true);
  }

  /** The same where a successor follows. */
  void leave() throws IOException {
    run(false);
  }

  private void run(boolean atEnd) throws IOException {
    IOException first = null;
    for (Entry entry = entries.peek(); entry != null; entry = entries.peek()) {
      try {
        (atEnd ? entry.atEnd : entry.before).run();
      } catch (IOException | RuntimeException failure) {
        if (first == null) {
          first = failure instanceof IOException io ? io : new IOException(failure);
        } else {
          first.addSuppressed(failure);
        }
      }
      entries.poll();
    }
    if (first != null) {
      throw first;
    }
  }
}
