package io.vl3.endpoint.element;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import java.util.List;

/** A connection on a board and who made it. */
record Posted(Connection connection, Caller owner) {

  ConnectionId id() {
    return connection.requireId();
  }

  /** The ids of the components that it passes. */
  List<String> segmentIds() {
    return connection.path().segments().stream().map(PathSegment::id).distinct().toList();
  }

  /** The ids of the components that it passes, but for its own. */
  List<String> otherSegmentIds() {
    return segmentIds().stream().filter(segment -> !segment.equals(id().value())).toList();
  }

  /** Whether its own id is that of a component that it passes, as it is behind a path element. */
  boolean passesOwnSegment() {
    return segmentIds().contains(id().value());
  }

  Posted withState(ConnectionState state) {
    return new Posted(connection.withState(state), owner);
  }

  /** Whether another is the same but for its tokens. */
  boolean isLike(Posted other) {
    Connection same = other.connection;
    return passesSame(other)
        && connection.toBuilder()
            .path(same.path())
            .passthrough(same.passthrough())
            .build()
            .equals(same);
  }

  /** Whether another passes the same components, of which it is at the same. */
  boolean passesSame(Posted other) {
    Path path = connection.path();
    Path same = other.connection.path();
    if (path.index() != same.index() || path.segments().size() != same.segments().size()) {
      return false;
    }
    for (int i = 0; i < path.segments().size(); i++) {
      if (!isSame(path.segments().get(i), same.segments().get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSame(PathSegment one, PathSegment other) {
    return one.id().equals(other.id()) && one.name().equals(other.name());
  }
}
