package io.vl3.nsm;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.TokenSource;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.element.HealConnection;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.endpoint.element.RefreshConnection;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A client of a manager: asks for connections and keeps them, refreshed and healed, until they are
 * closed. Thread-safe.
 */
public final class NsmClient implements AutoCloseable {

  private final NsmRuntime runtime;
  private final EndpointRunner runner;

  private NsmClient(Builder builder) {
    runtime = builder.runtime;
    List<Endpoint> elements = new ArrayList<>();
    elements.add(new UpdatePath(builder.name, builder.tokens, ConnectionId::random));
    elements.add(new RefreshConnection(runtime.timer()));
    elements.add(
        new HealConnection(
            builder.manager.monitor(),
            runtime.timer(),
            builder.probe,
            runtime.executor(),
            runtime.backOff(),
            runtime.random(),
            builder.keepEndpoint));
    elements.addAll(builder.elements);
    elements.add(builder.manager.networkService());
    runner = runtime.runner(EndpointChain.of(builder.name, elements));
  }

  /**
   * Prepares a client.
   *
   * @param manager whom it asks; stays the caller's, to be closed after the client
   * @param name our name in connections' paths
   */
  public static Builder builder(NsmRuntime runtime, ManagerAccess manager, String name) {
    return new Builder(runtime, manager, name);
  }

  /**
   * Asks for a connection, or for its refresh. Blocks.
   *
   * @throws EndpointException what the manager or the endpoint answers
   */
  public Connection request(ConnectionRequest request) throws EndpointException {
    return runner.request(request, Caller.SELF, deadline());
  }

  /** Closes a connection. Blocks; no error if it is unknown. */
  public void close(Connection connection) throws EndpointException {
    runner.close(connection, Caller.SELF, deadline());
  }

  /** The head of the chain: for who brings its own deadlines and events. */
  public EndpointRunner runner() {
    return runner;
  }

  /** The established connections; a snapshot. */
  public List<Connection> connections() {
    return runner.connections();
  }

  /** Closes every connection, side by side, without waiting. */
  public CompletionStage<Void> closeAll() {
    return runner.closeAll("the client ends");
  }

  /** Closes every connection; waits for the request timeout at most. */
  @Override
  public void close() {
    Waiting.briefly(closeAll(), runtime.requestTimeout());
  }

  private Deadline deadline() {
    return Deadline.after(runtime.requestTimeout(), runtime.timer());
  }

  /** Settings of a client. Not thread-safe. */
  public static final class Builder {

    private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(10);

    private final NsmRuntime runtime;
    private final ManagerAccess manager;
    private final String name;
    private final List<Endpoint> elements = new ArrayList<>();
    private TokenSource tokens;
    private LivenessProbe probe = LivenessProbe.NONE;
    private boolean keepEndpoint;

    private Builder(NsmRuntime runtime, ManagerAccess manager, String name) {
      this.runtime = runtime;
      this.manager = manager;
      this.name = name;
      this.tokens = runtime.tokens(name, TOKEN_LIFETIME);
    }

    /** Our tokens; those of the runtime unless set. */
    public Builder tokens(TokenSource value) {
      tokens = value;
      return this;
    }

    /** How heal finds out whether packets pass; unless set, they never do. */
    public Builder probe(LivenessProbe value) {
      probe = value;
      return this;
    }

    /** Never chooses another endpoint, as between vL3 endpoints. */
    public Builder keepEndpoint(boolean value) {
      keepEndpoint = value;
      return this;
    }

    /** One more element, before the call to the manager. */
    public Builder element(Endpoint value) {
      elements.add(value);
      return this;
    }

    /** Makes the client; nothing is asked yet. */
    public NsmClient build() {
      return new NsmClient(this);
    }
  }
}
