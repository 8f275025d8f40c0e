package io.vl3.dataplane;

import io.vl3.failure.EndpointException;
import io.vl3.time.Deadline;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the links of a data plane at regular intervals and has mended what somebody has
 * changed: an address, a route, an interface, also where no probe notices. Thread-safe; does not
 * block.
 */
public final class LinkWatch implements AutoCloseable {

  /** The usual time between two looks at few links, each of which takes less than a millisecond. */
  public static final Duration USUAL = Duration.ofSeconds(5);

  /** Looks take one part in so many of the time at most: with many links there are fewer. */
  private static final int REST = 50;

  private static final Logger LOG = LoggerFactory.getLogger(LinkWatch.class);

  private final LinkProgram program;
  private final Duration every;
  private final Duration timeout;
  private final Timer timer;
  private final Executor executor;

  /** Guarded by this, like the next. */
  private Timer.Cancellable next = () -> {};

  private boolean closed;

  private LinkWatch(
      LinkProgram program, Duration every, Duration timeout, Timer timer, Executor executor) {
    this.program = program;
    this.every = every;
    this.timeout = timeout;
    this.timer = timer;
    this.executor = executor;
  }

  /**
   * Begins to look.
   *
   * @param every the time between two looks
   * @param timeout how long a look may take
   * @param executor where it looks, which blocks
   */
  public static LinkWatch start(
      LinkProgram program, Duration every, Duration timeout, Timer timer, Executor executor) {
    LinkWatch watch = new LinkWatch(program, every, timeout, timer, executor);
    watch.lookLater(Duration.ZERO);
    return watch;
  }

  /** Looks no more. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    next.cancel();
  }

  private synchronized void lookLater(Duration took) {
    if (!closed) {
      Duration rest = took.multipliedBy(REST);
      next = timer.after(rest.compareTo(every) > 0 ? rest : every, this::lookNow);
    }
  }

  private void lookNow() {
    try {
      executor.execute(this::look);
    } catch (RejectedExecutionException ending) {
      LOG.debug("links: the owner is ending");
    }
  }

  private void look() {
    Instant begun = timer.instant();
    try {
      List<String> mended = program.mend(Deadline.after(timeout, timer));
      if (!mended.isEmpty()) {
        LOG.warn("links changed by somebody and mended: {}", mended);
      }
    } catch (EndpointException | RuntimeException failure) {
      LOG.debug("links: not all are looked after", failure);
    } finally {
      lookLater(Duration.between(begun, timer.instant()));
    }
  }
}
