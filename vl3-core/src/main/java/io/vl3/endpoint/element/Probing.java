package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.internal.log.Outage;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The probes of one connection. Thread-safe; nothing foreign is called under the lock but the
 * timer.
 */
final class Probing implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ProbeConnection.class);

  private final ProbeConnection.Means means;
  private final ConnectionHandle handle;
  private final Outage outage;

  /** Guarded by this, like all below. Tells the present probe from one that was called off. */
  private long turn;

  private boolean running;
  private int failures;

  /** The same endpoint was asked again, and no probe was answered since. */
  private boolean askedSame;

  private Timer.Cancellable next = () -> {};

  Probing(ProbeConnection.Means means, ConnectionHandle handle) {
    this.means = means;
    this.handle = handle;
    this.outage =
        new Outage(line -> LOG.info("{}", line), line -> LOG.debug("{}", line), means.timer());
  }

  /** The connection is established. */
  synchronized void start() {
    if (!running) {
      running = true;
      failures = 0;
      schedule();
    }
  }

  /** The connection is being closed. */
  synchronized void stop() {
    running = false;
    turn++;
    next.cancel();
  }

  /** The connection is another process's from now on. */
  @Override
  public void close() {
    stop();
  }

  /** Called with the lock. */
  private void schedule() {
    next.cancel();
    long mine = ++turn;
    Duration delay = failures == 0 ? means.settings().every() : means.settings().afterFailure();
    next = means.timer().after(delay, () -> onExecutor(() -> probe(mine)));
  }

  private void probe(long mine) {
    boolean alive = isAlive();
    if (alive) {
      outage.ended("connection %s: packets pass again".formatted(handle.id()));
    }
    boolean same;
    synchronized (this) {
      if (mine != turn) {
        return;
      }
      if (!isDead(alive)) {
        schedule();
        return;
      }
      failures = 0;
      same = !askedSame;
      askedSame = true;
    }
    ask(same);
  }

  /** Counts a probe's result. Called with the lock. */
  private boolean isDead(boolean alive) {
    failures = alive ? 0 : failures + 1;
    askedSame &= !alive;
    return failures >= means.settings().failures();
  }

  private boolean isAlive() {
    Optional<Connection> established = handle.established();
    try {
      return established.isPresent() && means.probe().alive(established.get());
    } catch (RuntimeException failure) {
      LOG.warn("connection {}: probe failed, taken for unanswered", handle.id(), failure);
      return false;
    }
  }

  private void ask(boolean same) {
    Optional<String> judged = handle.established().map(Connection::endpointName);
    outage.failed(
        "connection %s: no packets pass, asking %s"
            .formatted(handle.id(), same ? "the same endpoint again" : "for another endpoint"));
    AtomicBoolean known = new AtomicBoolean();
    handle
        .request(
            request -> {
              known.set(true);
              return same ? request : Reselection.unlessMoved(request, judged);
            })
        .whenComplete((answer, failure) -> asked(Optional.ofNullable(failure), known.get()));
  }

  /**
   * What was asked is answered.
   *
   * @param known whether the connection was still there to ask for; if not, it was closed
   */
  private synchronized void asked(Optional<Throwable> failure, boolean known) {
    failure.ifPresent(
        e ->
            outage.failed(
                "connection %s: asked in vain: %s".formatted(handle.id(), e.getMessage())));
    if (running || (known && failure.isPresent())) {
      running = true;
      schedule();
    }
  }

  private void onExecutor(Runnable task) {
    try {
      means.executor().execute(task);
    } catch (RejectedExecutionException shutDown) {
      LOG.debug("connection {}: probed no more, the executor is shut down", handle.id());
    }
  }
}
