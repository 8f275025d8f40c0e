package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.failure.Reason;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of the endpoint of a broken connection: whether it is worth asking again, or
 * another one is to be asked for. Thread-safe; no probe is called under the lock.
 */
final class Judgement {

  private static final Logger LOG = LoggerFactory.getLogger(HealConnection.class);

  /** Unanswered probes in a row after which no packets pass. */
  private static final int PROBES = 3;

  private final LivenessProbe probe;
  private final ConnectionHandle handle;
  private final WayThrough way;

  /** Without packets another endpoint is asked for. Guarded by this, like all below. */
  private boolean givenUp;

  /** The last attempt went to the same endpoint although no packets passed. */
  private boolean doubtful;

  /** The component that knows the endpoints says that this one is gone: packets are no reason. */
  private boolean unregistered;

  /** Our requests are passed on, and the endpoint is not there: packets to it prove little. */
  private boolean silent;

  Judgement(LivenessProbe probe, ConnectionHandle handle, WayThrough way) {
    this.probe = probe;
    this.handle = handle;
    this.way = way;
  }

  /** An endpoint serves the connection. */
  synchronized void served() {
    unregistered = false;
    silent = false;
  }

  /**
   * There is trouble.
   *
   * @param surely whether the connection is said to be down
   */
  synchronized void trouble(boolean surely) {
    givenUp = surely;
  }

  /**
   * The endpoint was asked, and did not serve.
   *
   * @param relayed whether the component between is known to be there
   */
  synchronized void refused(Reason reason, boolean relayed) {
    unregistered |= reason == Reason.NOT_FOUND;
    silent = reason == Reason.UNAVAILABLE && relayed;
  }

  /** Whether the last attempt shows nothing yet: the next has to see whether it helped. */
  synchronized boolean isDoubtful() {
    return doubtful;
  }

  /** Whether to ask the same endpoint. Blocks for some probes. */
  boolean isWorthAsking() {
    if (isUnregistered()) {
      return false;
    }
    Optional<Connection> established = handle.established();
    boolean alive = established.filter(this::isAlive).isPresent();
    if (alive && isSilent() && established.filter(this::isWayBroken).isPresent()) {
      giveUp();
      return false;
    }
    return isWorthAsking(alive);
  }

  private synchronized void giveUp() {
    givenUp = true;
  }

  /**
   * Of one over whose link nothing passes, only that the watch broke is known: being asked once it
   * mends a link that was cut meanwhile. The next attempt sees whether it did.
   */
  private synchronized boolean isWorthAsking(boolean alive) {
    givenUp |= doubtful && !alive;
    doubtful = !alive && !givenUp;
    return alive || doubtful;
  }

  private synchronized boolean isUnregistered() {
    return unregistered;
  }

  private synchronized boolean isSilent() {
    return silent;
  }

  /** On a busy machine one answer may come late: only several that are missing say something. */
  private boolean isAlive(Connection connection) {
    for (int i = 0; i < PROBES; i++) {
      if (answersProbe(connection)) {
        return true;
      }
    }
    return false;
  }

  private boolean answersProbe(Connection connection) {
    try {
      return probe.alive(connection);
    } catch (RuntimeException failure) {
      LOG.warn("connection {}: probe failed, taken for dead", handle.id(), failure);
      return false;
    }
  }

  private boolean isWayBroken(Connection connection) {
    boolean broken = way.isBroken(connection, PROBES);
    if (broken) {
      LOG.info(
          "connection {}: {} does not answer, and packets end there",
          handle.id(),
          connection.endpointName());
    }
    return broken;
  }
}
