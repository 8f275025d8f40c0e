package io.vl3.linux;

import io.vl3.health.EventKind;
import io.vl3.health.HealthCode;
import io.vl3.health.Reporter;
import io.vl3.internal.log.Outage;
import io.vl3.time.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after a {@link Router} at regular intervals and mends what somebody has changed in its
 * namespace. Thread-safe; does not block.
 */
public final class RouterWatch implements AutoCloseable {

  /** The usual time between two looks, each of some tens of microseconds. */
  public static final Duration USUAL = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(RouterWatch.class);

  private final Router router;
  private final String name;
  private final Duration every;
  private final Timer timer;
  private final Executor executor;
  private final Reporter reporter;
  private final Outage outage;

  /** Guarded by this, like the next. */
  private Timer.Cancellable next = () -> {};

  private boolean closed;

  private RouterWatch(
      Router router,
      String name,
      Duration every,
      Timer timer,
      Executor executor,
      Reporter reporter) {
    this.router = router;
    this.name = name;
    this.every = every;
    this.timer = timer;
    this.executor = executor;
    this.reporter = reporter;
    this.outage = new Outage(LOG, timer).reportedTo(reporter, HealthCode.ROUTER_CHANGED, "");
  }

  /**
   * Begins to look.
   *
   * @param name the router's, for the log
   * @param every the time between two looks
   * @param executor where it looks, which blocks for less than a millisecond
   * @param reporter where it is reported what was mended, and that it cannot look
   */
  public static RouterWatch start(
      Router router,
      String name,
      Duration every,
      Timer timer,
      Executor executor,
      Reporter reporter) {
    RouterWatch watch = new RouterWatch(router, name, every, timer, executor, reporter);
    watch.lookLater();
    return watch;
  }

  /** Looks no more. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    next.cancel();
  }

  private synchronized void lookLater() {
    if (!closed) {
      next = timer.after(every, this::lookNow);
    }
  }

  private void lookNow() {
    try {
      executor.execute(this::look);
    } catch (RejectedExecutionException ending) {
      LOG.debug("{}: the owner is ending", name);
    }
  }

  private void look() {
    try {
      List<String> amiss = router.mend();
      if (!amiss.isEmpty()) {
        LOG.warn("{}: its namespace was changed by somebody and is mended: {}", name, amiss);
        reporter.happened(EventKind.MENDED, "", String.join("; ", amiss));
      }
      outage.ended("%s: its namespace is looked after again".formatted(name));
    } catch (IOException | RuntimeException failure) {
      outage.failed("%s: its namespace is not looked after: %s".formatted(name, failure));
    } finally {
      lookLater();
    }
  }
}
