package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionMonitor.Subscription;
import io.vl3.connection.MonitorSelector;
import io.vl3.connection.PathSegment;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.log.Outage;
import io.vl3.internal.log.RequestLog;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watch over one connection, and its healing. Thread-safe; nothing foreign is called under the
 * lock, but the timer.
 */
final class Healing implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HealConnection.class);

  private final HealConnection.Means means;
  private final ConnectionHandle handle;
  private final WayThrough way;
  private final Judgement judgement;
  private final Outage outage;

  /** Guarded by this, like all below. */
  private Subscription subscription = () -> {};

  /** Tells the present watch from earlier ones, whose events no longer count. */
  private long watch;

  private boolean watching;
  private boolean healing;

  /** Something happened while healing, after the watch was started anew. */
  private boolean again;

  /** The next attempt goes to the same endpoint, without a probe: it asked for it. */
  private boolean sameNext;

  /** There is news since the attempt under way began, so the next one comes without a pause. */
  private boolean hurrying;

  /** When the healing under way began, by the clock of the attempts. */
  private long brokenAt;

  private int failures;
  private Optional<Instant> healed = Optional.empty();
  private Timer.Cancellable attempt = () -> {};

  /** Tells the attempt that is due from those that were called off. */
  private long turn;

  /** An attempt is due, and has not begun. */
  private boolean pausing;

  Healing(HealConnection.Means means, ConnectionHandle handle) {
    this.means = means;
    this.handle = handle;
    this.way = new WayThrough(means, handle, this::isWell);
    this.judgement = new Judgement(means.probe(), handle, way);
    this.outage =
        new Outage(
            line -> within(() -> LOG.info("{}", line)),
            line -> within(() -> LOG.debug("{}", line)),
            means.timer());
  }

  /** Lines of a monitor's or a timer's thread say of which connection they are, too. */
  @SuppressWarnings("try") // it is only held
  private void within(Runnable log) {
    try (RequestLog lines = RequestLog.of(handle.id().value())) {
      log.run();
    }
  }

  /** The connection is established: watches it, if it is not watched or was broken. */
  void watch(Connection connection) {
    Optional<PathSegment> own = connection.path().current();
    long mine;
    Subscription old;
    judgement.served();
    if (!means.keepEndpoint() && !connection.context().beyond().isEmpty()) {
      way.start();
    }
    synchronized (this) {
      if (own.isEmpty() || (watching && !healing)) {
        return;
      }
      watching = true;
      again = false;
      hurrying = false;
      mine = ++watch;
      old = subscription;
      subscription = () -> {};
    }
    PathSegment segment = PathSegment.of(own.get().name(), own.get().id());
    onExecutor(
        () -> {
          old.close();
          subscribe(new MonitorSelector(List.of(segment), List.of()), mine);
        });
  }

  private synchronized boolean isWell() {
    return watching && !healing;
  }

  /** The connection is being closed: watches no more and calls off what is due. */
  void rest() {
    Subscription old;
    synchronized (this) {
      watch++;
      watching = false;
      old = subscription;
      subscription = () -> {};
      callOff();
    }
    way.stop();
    old.close();
  }

  /** The connection is another process's from now on. */
  @Override
  public void close() {
    rest();
  }

  private void subscribe(MonitorSelector selector, long mine) {
    Subscription fresh;
    try {
      fresh = means.monitor().monitor(selector, listener(mine));
    } catch (RuntimeException failure) {
      ended(mine, failure);
      return;
    }
    if (!keep(fresh, mine)) {
      fresh.close();
    }
  }

  private SignReader listener(long mine) {
    return new SignReader(
        new SignReader.Reader() {
          @Override
          public void onSign(Sign sign, String why) {
            broken(mine, sign, why);
          }

          @Override
          public void onEnd(Throwable cause) {
            ended(mine, cause);
          }
        });
  }

  private synchronized boolean keep(Subscription fresh, long mine) {
    if (mine == watch && watching) {
      subscription = fresh;
      return true;
    }
    return false;
  }

  private void ended(long mine, Throwable cause) {
    synchronized (this) {
      if (mine != watch) {
        return;
      }
      watching = false;
    }
    if (EndpointException.of(cause).reason() == Reason.CANCELLED) {
      within(() -> LOG.debug("connection {}: its watch was called off", handle.id()));
      return;
    }
    broken(mine, Sign.OF_WATCH, "watch ended: " + cause.getMessage());
  }

  private void broken(long mine, Sign sign, String why) {
    synchronized (this) {
      if (mine != watch) {
        return;
      }
      sameNext = sign == Sign.WISH;
      judgement.trouble(sign == Sign.OF_CONNECTION || sign == Sign.DELETION);
      if (healing) {
        again = true;
        if (sign == Sign.DELETION) {
          hurry();
        }
        return;
      }
      healing = true;
      brokenAt = means.attempts().begin();
      schedule();
    }
    log(sign, "asking again, " + why);
  }

  /** A wish is no trouble. */
  private void log(Sign sign, String what) {
    if (sign == Sign.WISH) {
      within(() -> LOG.debug("connection {}: {}", handle.id(), what));
    } else {
      outage.failed("connection %s: %s".formatted(handle.id(), what));
    }
  }

  /**
   * Plans the next attempt: at once, unless the last ones failed or the last success is of late.
   * Called with the lock.
   */
  private void schedule() {
    Duration calm = means.backOff().longest().multipliedBy(2);
    if (healed.isPresent() && healed.get().plus(calm).isBefore(means.timer().instant())) {
      failures = 0;
      healed = Optional.empty();
    }
    Duration delay =
        failures == 0 || hurrying ? Duration.ZERO : means.backOff().delay(failures, means.random());
    hurrying = false;
    pausing = true;
    long mine = ++turn;
    attempt = means.timer().after(delay, () -> onExecutor(() -> attempt(mine)));
  }

  /** Called with the lock. */
  private void callOff() {
    turn++;
    pausing = false;
    attempt.cancel();
  }

  /**
   * Asks at once, or once more if an attempt is under way. Only for what is no echo of an attempt
   * of ours: whoever passes a request on says DOWN whenever it fails. Called with the lock.
   */
  private void hurry() {
    hurrying = true;
    if (pausing) {
      callOff();
      schedule();
    }
  }

  private synchronized boolean begin(long mine) {
    boolean due = mine == turn;
    pausing &= !due;
    return due;
  }

  private void attempt(long mine) {
    if (!begin(mine)) {
      return;
    }
    Optional<String> asked = handle.established().map(Connection::endpointName);
    boolean same = takeSameNext() || means.keepEndpoint() || judgement.isWorthAsking();
    AtomicBoolean known = new AtomicBoolean();
    long begun = means.attempts().begin();
    handle
        .request(
            request -> {
              known.set(true);
              return same ? request : Reselection.unlessMoved(request, asked);
            })
        .whenComplete(
            (answer, failure) -> {
              count(begun, Optional.ofNullable(failure));
              attempted(same, Optional.ofNullable(failure), known.get());
            });
  }

  private void count(long begun, Optional<Throwable> failure) {
    failure.ifPresentOrElse(
        why -> means.attempts().failed(begun, why), () -> means.attempts().succeeded(begun));
  }

  private synchronized boolean takeSameNext() {
    boolean same = sameNext;
    sameNext = false;
    return same;
  }

  /**
   * An attempt is over.
   *
   * @param same whether the endpoint that served was asked
   * @param known whether the connection was still there to ask for; if not, it was closed, which
   *     differs from an answer NOT_FOUND of whom we asked
   */
  private void attempted(boolean same, Optional<Throwable> failure, boolean known) {
    Optional<Reason> reason = failure.map(cause -> EndpointException.of(cause).reason());
    boolean notFound = reason.equals(Optional.of(Reason.NOT_FOUND));
    boolean closed = !known && notFound;
    if (same && !closed) {
      reason.ifPresent(why -> judgement.refused(why, isWatching()));
    }
    if (failure.isPresent() && !closed) {
      log(Sign.OF_CONNECTION, "asked in vain: " + failure.get().getMessage());
      failed(same && notFound);
    } else if (hasSucceeded(closed)) {
      outage.ended("connection %s: healed".formatted(handle.id()));
    }
  }

  /**
   * An endpoint that is gone for good is not waited for: another is asked for at once, if one may
   * be.
   */
  private synchronized void failed(boolean gone) {
    failures = gone && !means.keepEndpoint() ? 0 : failures + 1;
    schedule();
  }

  private synchronized boolean hasSucceeded(boolean closed) {
    failures++;
    if (!closed && (again || judgement.isDoubtful())) {
      again = false;
      schedule();
      return false;
    }
    healing = false;
    if (!closed) {
      means.heals().add(means.attempts().begin() - brokenAt);
    }
    healed = Optional.of(means.timer().instant());
    return !closed;
  }

  private synchronized boolean isWatching() {
    return watching;
  }

  private void onExecutor(Runnable task) {
    try {
      means.executor().execute(task);
    } catch (RejectedExecutionException shutDown) {
      LOG.debug("connection {}: watched no more, the executor is shut down", handle.id());
    }
  }
}
