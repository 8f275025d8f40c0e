package io.vl3.endpoint.element;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import java.util.List;
import java.util.Optional;

/** A connection on a board and who made it. */
record Posted(Connection connection, Caller owner) {

  ConnectionId id() {
    return connection.requireId();
  }

  /** The ids of the components that it passes. */
  List<String> segmentIds() {
    return connection.path().segments().stream().map(PathSegment::id).distinct().toList();
  }

  Posted withState(ConnectionState state) {
    return new Posted(connection.withState(state), owner);
  }

  /** Whether another is the same but for its tokens. */
  boolean isLike(Posted other) {
    return withoutTokens(connection).equals(withoutTokens(other.connection));
  }

  private static Connection withoutTokens(Connection connection) {
    Path path = connection.path();
    return connection.toBuilder()
        .path(
            new Path(
                path.index(),
                path.segments().stream()
                    .map(segment -> PathSegment.of(segment.name(), segment.id()))
                    .toList()))
        .passthrough(Optional.empty())
        .build();
  }
}
