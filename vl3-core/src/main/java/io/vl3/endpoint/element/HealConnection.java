package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.measure.Attempts;
import io.vl3.measure.Measure;
import io.vl3.measure.Meter;
import io.vl3.measure.Times;
import io.vl3.time.BackOff;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Watches a connection where it was asked for, and asks again when the stream breaks or says that
 * the connection is down (NSM v1, {@code heal}): of the same endpoint while packets pass, of
 * another one otherwise, at once if the connection is said to be down. Packets are no proof that an
 * endpoint lives, for its namespace may forward without it: of one that is NOT_FOUND any more,
 * nothing is asked again. It goes on until it succeeds or the connection is closed, with growing
 * pauses; a connection that breaks again soon after does not start the pauses anew.
 */
public final class HealConnection implements Endpoint {

  /** Outlives the choice of another endpoint, so that the pauses go on growing over it. */
  private static final Key<Healing> HEALING = Key.lasting("healing");

  /** How late at most who may leave hears that its endpoint is gone for good. */
  private static final Duration LATEST = Duration.ofSeconds(3);

  private final Means means;

  /**
   * An element of a client chain.
   *
   * @param monitor the connections of the component that the chain calls
   * @param probe whether packets pass
   * @param executor where monitor and probe are called; both may block
   * @param backOff the pauses between attempts; for who may choose another endpoint never longer
   *     than three seconds, unless the first one is
   * @param random the jitter; thread-safe
   * @param keepEndpoint whether never to choose another endpoint, as between vL3 endpoints
   */
  public HealConnection(
      ConnectionMonitor monitor,
      Timer timer,
      LivenessProbe probe,
      Executor executor,
      BackOff backOff,
      RandomGenerator random,
      boolean keepEndpoint) {
    this(monitor, timer, probe, executor, backOff, random, keepEndpoint, Meter.NONE);
  }

  /** An element of a client chain whose heals are counted. */
  public HealConnection(
      ConnectionMonitor monitor,
      Timer timer,
      LivenessProbe probe,
      Executor executor,
      BackOff backOff,
      RandomGenerator random,
      boolean keepEndpoint,
      Meter meter) {
    BackOff pauses = keepEndpoint ? backOff : impatient(backOff);
    this.means =
        new Means(
            monitor,
            timer,
            probe,
            executor,
            pauses,
            random,
            keepEndpoint,
            Attempts.counted(meter, Measure.HEALS),
            meter.times(Measure.HEAL_TIMES));
  }

  private static BackOff impatient(BackOff backOff) {
    Duration longest = backOff.longest().compareTo(LATEST) < 0 ? backOff.longest() : LATEST;
    return new BackOff(
        backOff.first(), longest.compareTo(backOff.first()) < 0 ? backOff.first() : longest);
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection answer = next.request(request);
    ConnectionHandle handle = session.handle();
    Healing healing = session.get(HEALING).orElseGet(() -> new Healing(means, handle));
    session.put(HEALING, healing);
    session.onCommit("watch the connection", () -> healing.watch(answer));
    return answer;
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    // Events that this close causes at the other side are no reason to heal.
    session.get(HEALING).ifPresent(Healing::rest);
    next.close(connection);
  }

  @Override
  public Description description() {
    return Description.of(this)
        .doing("watches the connection, asks again when it breaks")
        .after(UpdatePath.class);
  }

  /** The means that all connections share. */
  record Means(
      ConnectionMonitor monitor,
      Timer timer,
      LivenessProbe probe,
      Executor executor,
      BackOff backOff,
      RandomGenerator random,
      boolean keepEndpoint,
      Attempts attempts,
      Times heals) {}
}
