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
import java.util.concurrent.Executor;

/**
 * Probes whether packets pass over an established connection. When several probes in a row are not
 * answered, the connection is asked for again at the same endpoint, so that whoever programs its
 * link mends it; if that does not help, at another endpoint.
 */
public final class ProbeConnection implements Endpoint {

  /** Outlives the choice of another endpoint: should that fail, it has to be tried again. */
  private static final Key<Probing> PROBING = Key.lasting("probing");

  private final Means means;

  /**
   * An element of a client chain.
   *
   * @param executor where probes run; they block
   */
  public ProbeConnection(LivenessProbe probe, Settings settings, Timer timer, Executor executor) {
    this.means = new Means(probe, settings, timer, executor);
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection answer = next.request(request);
    Probing probing = session.get(PROBING).orElseGet(() -> new Probing(means, session.handle()));
    session.put(PROBING, probing);
    session.onCommit("probe the connection", probing::start);
    return answer;
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    session.get(PROBING).ifPresent(Probing::stop);
    next.close(connection);
  }

  @Override
  public Description description() {
    return Description.of(this)
        .doing("probes whether packets pass, asks again when they do not")
        .after(UpdatePath.class);
  }

  /**
   * How often, and what it takes.
   *
   * @param every between two probes while they are answered
   * @param afterFailure between two probes while they are not
   * @param failures unanswered probes in a row that make a connection dead; at least 1
   */
  public record Settings(Duration every, Duration afterFailure, int failures) {

    /** Every 1.2 s, after a failure 0.3 s; dead after 3. */
    public static final Settings DEFAULT =
        new Settings(Duration.ofMillis(1_200), Duration.ofMillis(300), 3);

    /** Refuses a number of failures below 1. */
    public Settings {
      if (failures < 1) {
        throw new IllegalArgumentException("failures: " + failures + " (expected: at least 1)");
      }
    }
  }

  /** The means that all connections share. */
  record Means(LivenessProbe probe, Settings settings, Timer timer, Executor executor) {}
}
