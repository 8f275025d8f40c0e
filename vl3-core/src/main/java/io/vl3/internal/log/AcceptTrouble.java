package io.vl3.internal.log;

import io.vl3.time.Timer;
import io.vl3.time.Timer.Cancellable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;

/**
 * How a loop that takes what comes (connections, packets) goes on when taking fails, as it does
 * while the process has no descriptor left: after a pause, for as long as it takes. The cause is
 * logged once when the trouble begins, and its end once, with the duration. Thread-safe.
 *
 * <p>The trouble is over when something was taken and nothing failed for {@link #QUIET} after it: a
 * process at its limit takes a connection now and then.
 */
public final class AcceptTrouble implements AutoCloseable {

  /** The pause after the first failure; each further one is twice as long. */
  static final Duration FIRST_PAUSE = Duration.ofMillis(50);

  /** The longest pause: so long at most a caller waits once the trouble is over. */
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** So long nothing must have failed for the trouble to be over. */
  static final Duration QUIET = Duration.ofSeconds(5);

  private final String what;
  private final Outage outage;
  private final Timer timer;

  private Optional<Cancellable> ending = Optional.empty();
  private Duration next = FIRST_PAUSE;
  private CountDownLatch pause = new CountDownLatch(0);
  private boolean closed;

  /**
   * No trouble yet.
   *
   * @param what what is taken and where, as in {@code name server 10.0.0.1:53: connections}
   */
  public AcceptTrouble(String what, Logger log, Timer timer) {
    this.what = what;
    this.outage = new Outage(log, timer);
    this.timer = timer;
  }

  /**
   * Notes a failure.
   *
   * @return how long to let the socket alone before the next attempt
   */
  public synchronized Duration failed(Exception cause) {
    ending.ifPresent(Cancellable::cancel);
    ending = Optional.empty();
    outage.failed(
        "%s cannot be taken: %s; tried again after a pause"
            .formatted(what, Optional.ofNullable(cause.getMessage()).orElseGet(cause::toString)));
    Duration now = next;
    next = now.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? now.multipliedBy(2) : LONGEST_PAUSE;
    return now;
  }

  /** Notes that something was taken; costs nothing while there is no trouble. */
  public synchronized void worked() {
    next = FIRST_PAUSE;
    if (outage.isOn() && ending.isEmpty() && !closed) {
      Instant back = timer.instant();
      ending = Optional.of(timer.after(QUIET, () -> over(back)));
    }
  }

  /**
   * Notes a failure and blocks for the pause, or until it is closed.
   *
   * @throws InterruptedException if the thread shall end
   */
  public void pauseAfter(Exception cause) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    Cancellable waking;
    synchronized (this) {
      Duration length = failed(cause);
      if (closed) {
        return;
      }
      pause = over;
      waking = timer.after(length, over::countDown);
    }
    try {
      over.await();
    } finally {
      waking.cancel();
    }
  }

  /** Ends a pause, and says nothing any more of an end; idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    ending.ifPresent(Cancellable::cancel);
    pause.countDown();
  }

  private synchronized void over(Instant back) {
    if (ending.isEmpty() || closed) {
      return;
    }
    ending = Optional.empty();
    outage.ended("%s are taken again".formatted(what), back);
  }
}
