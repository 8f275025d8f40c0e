package io.vl3.connection;

import java.util.Map;
import java.util.Optional;

/**
 * A connection of a client to a network service, as one hop sees it.
 *
 * @param id the id on this hop; empty until the first component has chosen one
 * @param networkService the service's name
 * @param endpointName the chosen endpoint's name; empty text: none yet
 * @param payload {@code IP} or {@code ETHERNET}; empty text: not told
 * @param labels labels of the client
 * @param mechanism how this hop is joined, once chosen
 * @param context addresses, routes, DNS, MTU
 * @param path the components passed
 * @param state the connection's state
 * @param passthrough what the edge keeps for the round trip
 */
public record Connection(
    Optional<ConnectionId> id,
    String networkService,
    String endpointName,
    String payload,
    Map<String, String> labels,
    Optional<Mechanism> mechanism,
    ConnectionContext context,
    Path path,
    ConnectionState state,
    Optional<Passthrough> passthrough) {

  /** The payload of routed packets. */
  public static final String PAYLOAD_IP = "IP";

  /** Copies the labels. */
  public Connection {
    labels = Map.copyOf(labels);
  }

  /** A new connection to a service, before any component has seen it. */
  public static Connection to(String networkService) {
    return new Connection(
        Optional.empty(),
        networkService,
        "",
        PAYLOAD_IP,
        Map.of(),
        Optional.empty(),
        ConnectionContext.EMPTY,
        Path.EMPTY,
        ConnectionState.UP,
        Optional.empty());
  }

  /** Whether its link between peers is numbered ({@link Passthrough#numbersLinks}). */
  public boolean hasNumberedLink() {
    return passthrough.filter(Passthrough::numbersLinks).isPresent();
  }

  /** The id, where one must have been chosen. */
  public ConnectionId requireId() {
    if (id.isEmpty()) {
      throw new IllegalStateException("connection without id: " + this);
    }
    return id.get();
  }

  /** Addresses and routes: short for {@code context().ip()}. */
  public IpContext ip() {
    return context.ip();
  }

  /** This connection with another id. */
  public Connection withId(ConnectionId changed) {
    return toBuilder().id(changed).build();
  }

  /** This connection with another endpoint. */
  public Connection withEndpointName(String changed) {
    return toBuilder().endpointName(changed).build();
  }

  /** This connection with other labels. */
  public Connection withLabels(Map<String, String> changed) {
    return toBuilder().labels(changed).build();
  }

  /** This connection with another mechanism. */
  public Connection withMechanism(Mechanism changed) {
    return toBuilder().mechanism(Optional.of(changed)).build();
  }

  /** This connection with another context. */
  public Connection withContext(ConnectionContext changed) {
    return toBuilder().context(changed).build();
  }

  /** This connection with other addresses and routes. */
  public Connection withIp(IpContext changed) {
    return withContext(context.withIp(changed));
  }

  /** This connection with another path. */
  public Connection withPath(Path changed) {
    return toBuilder().path(changed).build();
  }

  /**
   * This connection as it is kept: with no more of each token than when it ends. A token is shown
   * with a call, and nobody else needs to see it.
   */
  public Connection withoutProofs() {
    Path keptPath = path.withoutProofs();
    Optional<Passthrough> kept = passthrough.map(Passthrough::withoutProofs);
    return keptPath.equals(path) && kept.equals(passthrough)
        ? this
        : toBuilder().path(keptPath).passthrough(kept).build();
  }

  /** This connection in another state. */
  public Connection withState(ConnectionState changed) {
    return toBuilder().state(changed).build();
  }

  /** A builder that starts from this connection. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Changes several parts of a connection at once. Not thread-safe. */
  public static final class Builder {
    private Optional<ConnectionId> id;
    private String networkService;
    private String endpointName;
    private String payload;
    private Map<String, String> labels;
    private Optional<Mechanism> mechanism;
    private ConnectionContext context;
    private Path path;
    private ConnectionState state;
    private Optional<Passthrough> passthrough;

    private Builder(Connection from) {
      id = from.id;
      networkService = from.networkService;
      endpointName = from.endpointName;
      payload = from.payload;
      labels = from.labels;
      mechanism = from.mechanism;
      context = from.context;
      path = from.path;
      state = from.state;
      passthrough = from.passthrough;
    }

    public Builder id(ConnectionId value) {
      id = Optional.of(value);
      return this;
    }

    public Builder networkService(String value) {
      networkService = value;
      return this;
    }

    public Builder endpointName(String value) {
      endpointName = value;
      return this;
    }

    public Builder payload(String value) {
      payload = value;
      return this;
    }

    public Builder labels(Map<String, String> value) {
      labels = value;
      return this;
    }

    public Builder mechanism(Optional<Mechanism> value) {
      mechanism = value;
      return this;
    }

    public Builder context(ConnectionContext value) {
      context = value;
      return this;
    }

    public Builder path(Path value) {
      path = value;
      return this;
    }

    public Builder state(ConnectionState value) {
      state = value;
      return this;
    }

    public Builder passthrough(Optional<Passthrough> value) {
      passthrough = value;
      return this;
    }

    public Connection build() {
      return new Connection(
          id,
          networkService,
          endpointName,
          payload,
          labels,
          mechanism,
          context,
          path,
          state,
          passthrough);
    }
  }
}
