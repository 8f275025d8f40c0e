package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.time.Timer;
import java.time.Duration;

/**
 * Says that it is time to end once there was no connection for a while (NSM v1, {@code onidle}).
 * Thread-safe.
 */
public final class EndWhenIdle implements Endpoint {

  private static final Key<Boolean> COUNTED = Key.named("counted as in use");

  private final Timer timer;
  private final Duration timeout;
  private final Runnable end;

  /** Guards what follows. */
  private final Object lock = new Object();

  private int connections;
  private boolean stopped;
  private Timer.Cancellable alarm = () -> {};

  /**
   * An element; it does not count before {@link #start}.
   *
   * @param timeout how long without a connection
   * @param end called on the timer's thread; must not block
   */
  public EndWhenIdle(Timer timer, Duration timeout, Runnable end) {
    this.timer = timer;
    this.timeout = timeout;
    this.end = end;
  }

  /** Begins to count: as of now there is no connection. */
  public void start() {
    synchronized (lock) {
      waitForUse();
    }
  }

  /** Says nothing any more. */
  public void stop() {
    synchronized (lock) {
      stopped = true;
      alarm.cancel();
    }
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection answer = next.request(request);
    if (session.get(COUNTED).isEmpty()) {
      session.put(COUNTED, true);
      session.onCommit("count " + session.id(), this::used);
    }
    return answer;
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    try {
      next.close(connection);
    } finally {
      if (session.remove(COUNTED).isPresent()) {
        left();
      }
    }
  }

  @Override
  public Description description() {
    return Description.of(this).doing("ends the process after %s of no use".formatted(timeout));
  }

  private void used() {
    synchronized (lock) {
      connections++;
      alarm.cancel();
    }
  }

  private void left() {
    synchronized (lock) {
      connections--;
      if (connections == 0) {
        waitForUse();
      }
    }
  }

  private void waitForUse() {
    if (stopped) {
      return;
    }
    alarm.cancel();
    alarm = timer.after(timeout, this::endIfUnused);
  }

  private void endIfUnused() {
    synchronized (lock) {
      if (connections > 0 || stopped) {
        return;
      }
    }
    end.run();
  }
}
