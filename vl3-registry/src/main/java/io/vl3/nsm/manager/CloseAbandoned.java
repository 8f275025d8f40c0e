package io.vl3.nsm.manager;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a connection that its endpoint has closed and that nobody asks for again: a caller who can
 * be reached heals it at once, one who cannot would leave its link and routes here until its token
 * expires. Thread-safe.
 */
final class CloseAbandoned implements Endpoint {

  private static final Logger LOG = LoggerFactory.getLogger(CloseAbandoned.class);

  private final Timer timer;
  private final Duration grace;

  /** Guards the connections, and is held for no call but to the timer. */
  private final Object lock = new Object();

  private final Map<ConnectionId, Caring> connections = new HashMap<>();

  /**
   * An element.
   *
   * @param grace how long a caller has to ask again
   */
  CloseAbandoned(Timer timer, Duration grace) {
    this.timer = timer;
    this.grace = grace;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    ConnectionId own = request.connection().requireId();
    callOff(own);
    Connection answer = next.request(request);
    Caring caring = new Caring(own, session.handle());
    session.onCommit("care for " + own, () -> remember(caring));
    return answer;
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    try {
      next.close(connection);
    } finally {
      forget(connection.requireId());
    }
  }

  @Override
  public Description description() {
    return Description.of(this)
        .doing("closes what its endpoint closed and nobody asks for again")
        .after(UpdatePath.class);
  }

  /** The endpoint of a connection, by our id, has closed it. Does not block. */
  void closedThere(ConnectionId id) {
    synchronized (lock) {
      Caring caring = connections.get(id);
      if (caring != null) {
        caring.end.cancel();
        caring.end = timer.after(grace, () -> close(caring));
      }
    }
  }

  /** How many connections are known. */
  int size() {
    synchronized (lock) {
      return connections.size();
    }
  }

  private void close(Caring caring) {
    ConnectionHandle handle = caring.handle;
    String why = "closed by its endpoint, and nobody asks for it again";
    LOG.info("connection {}: {}", handle.id(), why);
    handle
        .closeIf(why, () -> isStill(caring))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("connection {}: closed with a rest, {}", handle.id(), why, failure);
              }
            });
  }

  private boolean isStill(Caring caring) {
    synchronized (lock) {
      return connections.get(caring.own) == caring;
    }
  }

  private void remember(Caring caring) {
    synchronized (lock) {
      connections.put(caring.own, caring);
    }
  }

  /** Somebody asks: whatever comes of it, a close that was to come does not. */
  private void callOff(ConnectionId id) {
    synchronized (lock) {
      Caring before = connections.get(id);
      if (before != null) {
        before.end.cancel();
        connections.put(id, new Caring(id, before.handle));
      }
    }
  }

  private void forget(ConnectionId id) {
    synchronized (lock) {
      Caring gone = connections.remove(id);
      if (gone != null) {
        gone.end.cancel();
      }
    }
  }

  /** A connection since it was last asked for. Guarded by the lock. */
  private static final class Caring {
    final ConnectionId own;
    final ConnectionHandle handle;
    Timer.Cancellable end = () -> {};

    Caring(ConnectionId own, ConnectionHandle handle) {
      this.own = own;
      this.handle = handle;
    }
  }
}
