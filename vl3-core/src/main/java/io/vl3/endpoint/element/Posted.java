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

  Posted withState(ConnectionState state) {
    return new Posted(connection.withState(state), owner);
  }

  /** Whether another is the same but for its tokens. */
  boolean isLike(Posted other) {
    Connection same = other.connection;
    return passSame(connection.path(), same.path())
        && connection.toBuilder()
            .path(same.path())
            .passthrough(same.passthrough())
            .build()
            .equals(same);
  }

  private static boolean passSame(Path one, Path other) {
    if (one.index() != other.index() || one.segments().size() != other.segments().size()) {
      return false;
    }
    for (int i = 0; i < one.segments().size(); i++) {
      PathSegment segment = one.segments().get(i);
      PathSegment same = other.segments().get(i);
      if (!segment.id().equals(same.id()) || !segment.name().equals(same.name())) {
        return false;
      }
    }
    return true;
  }
}
