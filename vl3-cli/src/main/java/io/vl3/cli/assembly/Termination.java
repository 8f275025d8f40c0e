package io.vl3.cli.assembly;

import io.vl3.cli.config.StopConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets a command run until the process is asked to end (SIGTERM, SIGINT), and the process end only
 * after the command has put everything away, or the deadline is over. A second request ends it at
 * once. Thread-safe.
 */
public final class Termination implements AutoCloseable {

  private static final int FAILED = 1;
  private static final int BY_SIGNAL = 128;
  private static final int INT = 2;
  private static final int TERM = 15;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final List<Signals.Taken> signals = new ArrayList<>();
  private volatile Duration deadline = StopConfig.USUAL_DEADLINE;
  private volatile Supplier<List<String>> left = List::of;
  private volatile Then then = Then.END;

  private Termination() {}

  /** Listens from now on; {@link #close} when everything is put away. */
  public static Termination listen() {
    Termination termination = new Termination();
    Runtime.getRuntime().addShutdownHook(new Thread(termination::end, "vl3-end"));
    termination.take("TERM", TERM);
    termination.take("INT", INT);
    return termination;
  }

  /** How long putting away may take from when the process is asked to end. */
  public void within(Duration time) {
    deadline = time;
  }

  /**
   * The parts that are not put away yet, for the message at the deadline; in the order of doing.
   */
  public void reporting(Supplier<List<String>> value) {
    left = value;
  }

  /** Asks the process to end. */
  public synchronized void ask() {
    if (asked.getCount() > 0) {
      Thread watch = new Thread(this::endAtDeadline, "vl3-deadline");
      watch.setDaemon(true);
      watch.start();
    }
    asked.countDown();
  }

  /** The step after the end. */
  public enum Then {
    /** Nothing. */
    END,
    /** The starter of the process starts another, to which is left what it can take over. */
    SUCCESSOR,
    /** This process starts its program anew. */
    ANEW
  }

  /** Asks the process to start anew, unless it is ending. */
  public void askAnew() {
    ask(Then.ANEW);
  }

  /** Asks the process to end for a successor, unless it is ending. */
  public void leaveToSuccessor() {
    ask(Then.SUCCESSOR);
  }

  /** The step that follows. */
  public Then then() {
    return then;
  }

  private synchronized void ask(Then wanted) {
    if (!isAsked()) {
      then = wanted;
      ask();
    }
  }

  /** Waits until the process is asked to end. */
  public void await() throws InterruptedException {
    asked.await();
  }

  /**
   * Waits until the process is asked to end, or the time has passed.
   *
   * @return whether it was asked
   */
  public boolean await(Duration time) throws InterruptedException {
    return asked.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Whether the process was asked to end. */
  public boolean isAsked() {
    return asked.getCount() == 0;
  }

  @Override
  public void close() {
    done.countDown();
    signals.forEach(Signals.Taken::giveBack);
    signals.clear();
  }

  private void take(String signal, int number) {
    signals.add(Signals.take(signal, () -> signalled(signal, number)));
  }

  private void signalled(String signal, int number) {
    if (isAsked()) {
      endNow("asked twice, by SIG%s; ended at once".formatted(signal), BY_SIGNAL + number);
    }
    ask();
  }

  /** The JVM ends for another reason; it waits for this thread. */
  private void end() {
    ask();
    endAtDeadline();
  }

  @SuppressWarnings("Interruption") // the process ends here either way
  private void endAtDeadline() {
    try {
      if (!done.await(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
        endNow("not everything was put away in %d s".formatted(deadline.toSeconds()), FAILED);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void endNow(String why, int code) {
    List<String> things = left.get();
    System.err.println(
        "vl3: " + why + (things.isEmpty() ? "" : "; left: " + String.join(", ", things)));
    Runtime.getRuntime().halt(code);
  }
}
