package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether packets pass through the endpoint of a connection. A router that died may still answer
 * itself; the addresses that it named as lying {@link io.vl3.connection.ConnectionContext#beyond()
 * beyond} it answer only over it. Only an address that the client has seen answering while all was
 * well can be missed. Thread-safe.
 */
final class WayThrough {

  private static final Logger LOG = LoggerFactory.getLogger(HealConnection.class);

  /** Between two looks at what answers, once everything does. */
  private static final Duration EVERY = Duration.ofSeconds(10);

  /** After the first look at which something did not; doubled with each further one. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final HealConnection.Means means;
  private final ConnectionHandle handle;
  private final BooleanSupplier isWell;

  /** The addresses that answered at the last look. */
  private volatile List<IpAddress> answering = List.of();

  /** Guarded by this, like all below. Tells the look that is due from those called off. */
  private long turn;

  private boolean running;

  /** Looks in a row at which something named did not answer. */
  private int incomplete;

  private Timer.Cancellable next = () -> {};

  /**
   * Nothing is known yet.
   *
   * @param isWell whether the connection has no trouble, so that a look says what is usual
   */
  WayThrough(HealConnection.Means means, ConnectionHandle handle, BooleanSupplier isWell) {
    this.means = means;
    this.handle = handle;
    this.isWell = isWell;
  }

  /** Looks now and at intervals what answers. */
  synchronized void start() {
    if (!running) {
      running = true;
      incomplete = 0;
      lookAfter(Duration.ZERO);
    }
  }

  /** Looks no more. */
  synchronized void stop() {
    running = false;
    turn++;
    next.cancel();
  }

  /** Called with the lock. */
  private void lookAfter(Duration delay) {
    long mine = ++turn;
    next = means.timer().after(delay, () -> onExecutor(() -> look(mine)));
  }

  private void look(long mine) {
    boolean complete = !isWell.getAsBoolean() || handle.established().map(this::note).orElse(true);
    synchronized (this) {
      if (mine == turn) {
        incomplete = complete ? 0 : incomplete + 1;
        lookAfter(pause());
      }
    }
  }

  /** A new link, or a busy machine, may not answer at once. Called with the lock. */
  private Duration pause() {
    return incomplete == 0 || incomplete > 3 ? EVERY : SOON.multipliedBy(1L << (incomplete - 1));
  }

  /** Whether everything that is named answers. */
  private boolean note(Connection connection) {
    List<IpAddress> named =
        connection.context().beyond().stream()
            .filter(address -> isBeyond(connection, address))
            .toList();
    answering = named.stream().filter(address -> answers(connection, address)).toList();
    LOG.debug("connection {}: {} answer beyond the endpoint", handle.id(), answering);
    return answering.size() == named.size();
  }

  private boolean answers(Connection connection, IpAddress address) {
    try {
      return means.probe().answers(connection, address);
    } catch (RuntimeException failure) {
      LOG.warn("connection {}: probe failed, taken for unanswered", handle.id(), failure);
      return false;
    }
  }

  /**
   * Whether an address that answered does so no more. One is enough: nobody reaches the workloads
   * that lie there until somebody mends the way. Blocks.
   *
   * @param probes unanswered probes in a row after which an address does not answer
   */
  boolean isBroken(Connection connection, int probes) {
    return answering.stream().anyMatch(address -> isSilent(connection, address, probes));
  }

  /** An address is of no use that is the endpoint's own, or reached by another way. */
  private static boolean isBeyond(Connection connection, IpAddress address) {
    return connection.ip().endpointAddresses().stream()
            .map(InterfaceAddress::address)
            .noneMatch(address::equals)
        && connection.ip().clientRoutes().stream()
            .anyMatch(route -> route.destination().contains(address));
  }

  private boolean isSilent(Connection connection, IpAddress address, int probes) {
    for (int i = 0; i < probes; i++) {
      if (answers(connection, address)) {
        return false;
      }
    }
    return true;
  }

  private void onExecutor(Runnable task) {
    try {
      means.executor().execute(task);
    } catch (RejectedExecutionException shutDown) {
      LOG.debug("connection {}: looked at no more, the executor is shut down", handle.id());
    }
  }
}
