package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.TokenSource;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Finds or makes our own path segment, with our own token and its expiry. Behind it {@code
 * connection.id} and {@code path.index} are our segment's; the caller gets back its own (NSM v1,
 * {@code updatepath}). Our id of a connection is stable over refreshes, and nobody can take one
 * that serves another connection.
 */
public final class UpdatePath implements Endpoint {

  private static final Key<ConnectionId> OWN_ID = Key.named("own connection id");

  private final String name;
  private final TokenSource tokens;
  private final Supplier<ConnectionId> ids;

  /** The caller's id that holds each of our ids: two connections must not share one of ours. */
  private final ConcurrentMap<ConnectionId, ConnectionId> holders = new ConcurrentHashMap<>();

  /**
   * An element for one component.
   *
   * @param name the component's name in paths
   * @param tokens our own tokens
   * @param ids fresh ids of our segments; {@code ConnectionId::random} outside of tests
   */
  public UpdatePath(String name, TokenSource tokens, Supplier<ConnectionId> ids) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name: blank (expected: text)");
    }
    this.name = name;
    this.tokens = tokens;
    this.ids = ids;
  }

  /**
   * The id by which a component knows a connection behind its {@link UpdatePath}, told from the
   * connection as it is outside: at who asked the component, or whom it answered. Empty if the
   * component is not there.
   *
   * @param name the component's name in paths
   */
  public static Optional<ConnectionId> ownId(Connection outside, String name) {
    Path path = outside.path();
    return Stream.of(path.current(), path.next())
        .flatMap(Optional::stream)
        .filter(segment -> segment.name().equals(name))
        .map(segment -> new ConnectionId(segment.id()))
        .findFirst();
  }

  /** How many connections hold an id of ours. */
  public int size() {
    return holders.size();
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection arrived = request.connection();
    Connection inner = enter(arrived, session, this::holdForRequest);
    Connection answer = next.request(request.withConnection(inner));
    return answer
        .withId(arrived.requireId())
        .withPath(answer.path().withIndex(arrived.path().index()));
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    Connection inner = enter(connection, session, this::idForClose);
    try {
      next.close(inner);
    } finally {
      session.remove(OWN_ID).ifPresent(own -> holders.remove(own, session.id()));
    }
  }

  @Override
  public Description description() {
    return Description.of(this).doing("finds our path segment, sets our token");
  }

  private Connection enter(Connection arrived, Session session, IdChoice choice)
      throws EndpointException {
    Path path = arrived.path();
    int place = ownPlace(arrived);
    Optional<PathSegment> known =
        path.segment(place).filter(segment -> segment.name().equals(name));
    ConnectionId own = choice.choose(arrived, place, known, session);
    PathSegment segment =
        known
            .map(found -> new PathSegment(name, own.value(), found.token(), found.metrics()))
            .orElseGet(() -> PathSegment.of(name, own.value()))
            .withToken(tokens.token());
    return arrived.withId(own).withPath(path.withSegment(place, segment).withIndex(place));
  }

  /** Which place of the path is ours. */
  private int ownPlace(Connection arrived) throws EndpointException {
    Path path = arrived.path();
    Optional<PathSegment> current = path.current();
    if (current.isEmpty()) {
      return 0;
    }
    if (current.get().name().equals(name)) {
      return path.index();
    }
    if (!current.get().id().equals(arrived.requireId().value())) {
      throw new EndpointException(
          Reason.INVALID,
          "connection.path.path_segments[%d].id: %s (expected: connection.id, %s)"
              .formatted(path.index(), current.get().id(), arrived.requireId()));
    }
    return path.index() + 1;
  }

  private ConnectionId holdForRequest(
      Connection arrived, int place, Optional<PathSegment> known, Session session) {
    Optional<ConnectionId> before = session.get(OWN_ID);
    if (before.isPresent()) {
      return before.get();
    }
    ConnectionId own = firstChoice(arrived, place, known);
    while (holders.putIfAbsent(own, session.id()) != null) {
      own = ids.get();
    }
    ConnectionId held = own;
    session.onFailure("return id " + held, () -> holders.remove(held, session.id()));
    session.put(OWN_ID, held);
    return held;
  }

  private ConnectionId idForClose(
      Connection arrived, int place, Optional<PathSegment> known, Session session) {
    return session
        .get(OWN_ID)
        .orElseGet(
            () -> {
              ConnectionId own = firstChoice(arrived, place, known);
              return holders.containsKey(own) ? ids.get() : own;
            });
  }

  private ConnectionId firstChoice(Connection arrived, int place, Optional<PathSegment> known) {
    if (arrived.path().segments().isEmpty() && place == 0) {
      return arrived.requireId();
    }
    return known
        .map(PathSegment::id)
        .filter(id -> !id.isBlank())
        .map(ConnectionId::new)
        .orElseGet(ids);
  }

  /** How a request or a close comes by our id. */
  private interface IdChoice {
    ConnectionId choose(
        Connection arrived, int place, Optional<PathSegment> known, Session session);
  }
}
