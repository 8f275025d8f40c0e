package io.vl3.endpoint;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Token;
import io.vl3.failure.EndpointException;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.List;

/** A chain that is run by hand: the clock stands, re-entering events run when told to. */
public final class ChainRig {

  public static final Caller CALLER = new Caller("spiffe://test/client");

  public final FakeTimer timer = new FakeTimer();
  public final ManualExecutor executor = new ManualExecutor();
  private EndpointRunner runner;

  /** Runs the elements as one chain; answers this. */
  public ChainRig run(Endpoint... elements) {
    runner =
        new EndpointRunner(
            EndpointChain.of("test", elements), executor, timer, Duration.ofSeconds(15));
    return this;
  }

  public EndpointRunner runner() {
    return runner;
  }

  public Connection request(Connection connection) throws EndpointException {
    return request(ConnectionRequest.of(connection));
  }

  public Connection request(ConnectionRequest request) throws EndpointException {
    return runner.request(request, CALLER, deadline());
  }

  public void close(Connection connection) throws EndpointException {
    runner.close(connection, CALLER, deadline());
  }

  public Deadline deadline() {
    return Deadline.after(Duration.ofSeconds(15), timer);
  }

  /** Moves the clock, then runs what that handed to the executor. */
  public void advance(Duration duration) {
    timer.advance(duration);
    executor.runAll();
  }

  /** A connection of a client with a path of one segment and a token of ten minutes. */
  public Connection connection(String id) {
    return connection(id, Duration.ofMinutes(10));
  }

  public Connection connection(String id, Duration tokenLife) {
    PathSegment client =
        PathSegment.of("client", id).withToken(new Token("t", timer.instant().plus(tokenLife)));
    return Connection.to("service")
        .withId(new ConnectionId(id))
        .withPath(new Path(0, List.of(client)));
  }
}
