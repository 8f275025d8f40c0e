package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionMonitor.Listener;
import io.vl3.connection.ConnectionMonitor.Subscription;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.MonitorSelector;
import io.vl3.connection.PathSegment;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.log.Outage;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watch over one connection, and its healing. Thread-safe; nothing foreign is called under the
 * lock, but the timer.
 */
final class Healing {

  private static final Logger LOG = LoggerFactory.getLogger(HealConnection.class);

  /** Unanswered probes in a row after which no packets pass. */
  private static final int PROBES = 3;

  private final HealConnection.Means means;
  private final ConnectionHandle handle;
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

  /** Without packets another endpoint is asked for: the connection is said to be down, or was. */
  private boolean givenUp;

  /** The last attempt went to the same endpoint although no packets passed. */
  private boolean doubtful;

  /** Whoever knows the endpoints says that this one is none any more: packets are no reason. */
  private boolean unregistered;

  private int failures;
  private Optional<Instant> healed = Optional.empty();
  private Timer.Cancellable attempt = () -> {};

  Healing(HealConnection.Means means, ConnectionHandle handle) {
    this.means = means;
    this.handle = handle;
    this.outage =
        new Outage(line -> LOG.info("{}", line), line -> LOG.debug("{}", line), means.timer());
  }

  /** The connection is established: watches it, if it is not watched or was broken. */
  void watch(Connection connection) {
    Optional<PathSegment> own = connection.path().current();
    long mine;
    Subscription old;
    synchronized (this) {
      unregistered = false;
      if (own.isEmpty() || (watching && !healing)) {
        return;
      }
      watching = true;
      again = false;
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

  /** The connection is being closed: watches no more and calls off what is due. */
  void rest() {
    Subscription old;
    synchronized (this) {
      watch++;
      watching = false;
      old = subscription;
      subscription = () -> {};
      attempt.cancel();
    }
    old.close();
  }

  private void subscribe(MonitorSelector selector, long mine) {
    Subscription fresh;
    try {
      fresh = means.monitor().monitor(selector, new Events(mine));
    } catch (RuntimeException failure) {
      ended(mine, failure);
      return;
    }
    if (!keep(fresh, mine)) {
      fresh.close();
    }
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
    if (reason(cause) == Reason.CANCELLED) {
      LOG.debug("connection {}: its watch was called off", handle.id());
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
      givenUp = sign == Sign.OF_CONNECTION;
      if (healing) {
        again = true;
        return;
      }
      healing = true;
      schedule();
    }
    log(sign, "asking again, " + why);
  }

  /** A wish is no trouble. */
  private void log(Sign sign, String what) {
    if (sign == Sign.WISH) {
      LOG.debug("connection {}: {}", handle.id(), what);
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
        failures == 0 ? Duration.ZERO : means.backOff().delay(failures, means.random());
    attempt = means.timer().after(delay, () -> onExecutor(this::attempt));
  }

  private void attempt() {
    Optional<String> asked = handle.established().map(Connection::endpointName);
    boolean same = takeSameNext() || means.keepEndpoint() || isWorthAskingNow();
    AtomicBoolean known = new AtomicBoolean();
    handle
        .request(
            request -> {
              known.set(true);
              return same ? request : Reselection.unlessMoved(request, asked);
            })
        .whenComplete(
            (answer, failure) -> attempted(same, Optional.ofNullable(failure), known.get()));
  }

  private synchronized boolean takeSameNext() {
    boolean same = sameNext;
    sameNext = false;
    return same;
  }

  private boolean isWorthAskingNow() {
    return !isUnregistered() && isWorthAsking(isAlive());
  }

  private synchronized boolean isUnregistered() {
    return unregistered;
  }

  /**
   * Whether to ask the same endpoint. Of one over whose link nothing passes, only that the watch
   * broke is known: being asked once it mends a link that was cut meanwhile. The next attempt sees
   * whether it did.
   */
  private synchronized boolean isWorthAsking(boolean alive) {
    givenUp |= doubtful && !alive;
    doubtful = !alive && !givenUp;
    return alive || doubtful;
  }

  /** On a busy machine one answer may come late: only several that are missing say something. */
  private boolean isAlive() {
    for (int i = 0; i < PROBES; i++) {
      if (answersProbe()) {
        return true;
      }
    }
    return false;
  }

  private boolean answersProbe() {
    Optional<Connection> established = handle.established();
    try {
      return established.isPresent() && means.probe().alive(established.get());
    } catch (RuntimeException failure) {
      LOG.warn("connection {}: probe failed, taken for dead", handle.id(), failure);
      return false;
    }
  }

  /**
   * An attempt is over.
   *
   * @param same whether the endpoint that served was asked
   * @param known whether the connection was still there to ask for; if not, it was closed, which
   *     differs from an answer NOT_FOUND of whom we asked
   */
  private void attempted(boolean same, Optional<Throwable> failure, boolean known) {
    boolean notFound = failure.map(Healing::reason).equals(Optional.of(Reason.NOT_FOUND));
    boolean closed = !known && notFound;
    if (failure.isPresent() && !closed) {
      log(Sign.OF_CONNECTION, "asked in vain: " + failure.get().getMessage());
      failed(same && notFound);
    } else if (hasSucceeded(closed)) {
      outage.ended("connection %s: healed".formatted(handle.id()));
    }
  }

  /** Who is gone for good is not waited for: another is asked for at once. */
  private synchronized void failed(boolean gone) {
    unregistered |= gone;
    failures = gone ? 0 : failures + 1;
    schedule();
  }

  private synchronized boolean hasSucceeded(boolean closed) {
    failures++;
    if (!closed && (again || doubtful)) {
      again = false;
      schedule();
      return false;
    }
    healing = false;
    healed = Optional.of(means.timer().instant());
    return !closed;
  }

  private void onExecutor(Runnable task) {
    try {
      means.executor().execute(task);
    } catch (RejectedExecutionException shutDown) {
      LOG.debug("connection {}: watched no more, the executor is shut down", handle.id());
    }
  }

  private static Reason reason(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof EndpointException expected ? expected.reason() : Reason.INTERNAL;
  }

  /** What a sign of trouble is about. */
  private enum Sign {
    /** The connection is down or deleted. */
    OF_CONNECTION,
    /** Who watched it is gone, or does not know it. */
    OF_WATCH,
    /** No trouble: the other side wishes to be asked again. */
    WISH
  }

  /** What the stream tells. */
  private final class Events implements Listener {

    private final long mine;

    Events(long mine) {
      this.mine = mine;
    }

    @Override
    public void onEvent(ConnectionEvent event) {
      if (event.type() == ConnectionEvent.Type.DELETE) {
        broken(mine, Sign.OF_CONNECTION, "deleted there");
      } else if (event.type() == ConnectionEvent.Type.INITIAL_STATE_TRANSFER
          && event.connections().isEmpty()) {
        broken(mine, Sign.OF_WATCH, "unknown there");
      } else {
        event.connections().forEach(connection -> onState(connection.state()));
      }
    }

    @Override
    public void onEnd(Throwable cause) {
      ended(mine, cause);
    }

    private void onState(ConnectionState state) {
      if (state == ConnectionState.DOWN) {
        broken(mine, Sign.OF_CONNECTION, "down there");
      } else if (state == ConnectionState.REFRESH_REQUESTED) {
        broken(mine, Sign.WISH, "as the other side wishes");
      }
    }
  }
}
