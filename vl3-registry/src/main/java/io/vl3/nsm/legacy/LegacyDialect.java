package io.vl3.nsm.legacy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionContext;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.Passthrough;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.Dialect;
import io.vl3.registry.PeerLabels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a manager of the 0.2 API means when it asks an endpoint: its messages are those of v1, read
 * otherwise. A connection's path holds the manager's name and no ids ({@link LegacyIds}). There are
 * no tokens: a connection ends when it is closed.
 */
final class LegacyDialect implements Dialect {

  private static final String NAMELESS = "nsm";

  private final EndpointNames names;

  /** A dialect in which peers go by the names that their registry gave them. */
  LegacyDialect(EndpointNames names) {
    this.names = names;
  }

  @Override
  public Connection read(Connection received) throws EndpointException {
    String manager =
        received
            .path()
            .segment(0)
            .map(PathSegment::name)
            .filter(name -> !name.isBlank())
            .orElse(NAMELESS);
    ConnectionId own = new ConnectionId(LegacyIds.here(manager, idOf(received), received.labels()));
    PathSegment segment = PathSegment.of(manager, own.value());
    return received.toBuilder()
        .id(own)
        .path(new Path(0, List.of(segment)))
        .labels(peerNamed(received.labels(), names::shown))
        .mechanism(received.mechanism().map(LegacyMechanisms::read))
        .context(received.context().withIp(LegacyRoutes.read(received.ip())))
        .passthrough(Optional.of(new Kept(received.passthrough(), received.labels())))
        .build();
  }

  @Override
  public ConnectionRequest read(ConnectionRequest received) throws EndpointException {
    return new ConnectionRequest(
        read(received.connection()),
        received.mechanismPreferences().stream().map(LegacyMechanisms::read).toList());
  }

  @Override
  public Connection write(Connection told) {
    Optional<PathSegment> caller = told.path().segment(0);
    String manager = caller.map(PathSegment::name).orElse(NAMELESS);
    String plainId = caller.map(PathSegment::id).map(id -> LegacyIds.there(id, manager)).orElse("");
    return told.toBuilder()
        .id(new ConnectionId(plainId))
        .path(new Path(0, List.of(PathSegment.of(manager, ""))))
        .labels(labels(told))
        .mechanism(
            told.mechanism().map(is -> LegacyMechanisms.write(is, "nsm" + plainId, "NSM Endpoint")))
        .context(written(told.context()))
        .payload("")
        .state(told.state() == ConnectionState.DOWN ? ConnectionState.DOWN : ConnectionState.UP)
        .passthrough(rest(told))
        .build();
  }

  /** The context without what the 0.2 API has not. */
  static ConnectionContext written(ConnectionContext context) {
    return context.withIp(LegacyRoutes.write(context.ip())).withBeyond(List.of()).withMtuBytes(0);
  }

  /** The labels with a peer's name as another side calls it. */
  static Map<String, String> peerNamed(
      Map<String, String> labels, UnaryOperator<String> otherName) {
    if (!labels.containsKey(PeerLabels.NAME)) {
      return labels;
    }
    Map<String, String> renamed = new HashMap<>(labels);
    renamed.computeIfPresent(PeerLabels.NAME, (key, name) -> otherName.apply(name));
    return renamed;
  }

  /** As they came: the manager finds what it closes by them. */
  private static Map<String, String> labels(Connection told) {
    return told.passthrough()
        .map(is -> is instanceof Kept kept ? kept.labels() : told.labels())
        .orElse(told.labels());
  }

  private static Optional<Passthrough> rest(Connection told) {
    return told.passthrough()
        .flatMap(is -> is instanceof Kept kept ? kept.rest() : Optional.of(is));
  }

  private static String idOf(Connection received) throws EndpointException {
    return received
        .id()
        .map(ConnectionId::value)
        .orElseThrow(
            () ->
                new EndpointException(
                    Reason.INVALID, "connection.id: '' (expected: the manager's)"));
  }
}
