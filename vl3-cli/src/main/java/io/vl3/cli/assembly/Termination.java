package io.vl3.cli.assembly;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command run until the process is asked to end (SIGTERM, SIGINT), and the process end only
 * after the command has put everything away.
 */
public final class Termination implements AutoCloseable {

  private static final Duration LONGEST = Duration.ofSeconds(15);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  private Termination() {}

  /** Listens from now on; {@link #close} when everything is put away. */
  public static Termination listen() {
    Termination termination = new Termination();
    Runtime.getRuntime().addShutdownHook(new Thread(termination::end, "vl3-end"));
    return termination;
  }

  /** Asks the process to end. */
  public void ask() {
    asked.countDown();
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
  }

  @SuppressWarnings("Interruption") // the process ends here either way
  private void end() {
    asked.countDown();
    try {
      if (!done.await(LONGEST.toNanos(), TimeUnit.NANOSECONDS)) {
        System.err.println("not everything was put away in " + LONGEST.toSeconds() + " s");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
