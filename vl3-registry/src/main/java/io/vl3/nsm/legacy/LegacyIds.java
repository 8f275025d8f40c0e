package io.vl3.nsm.legacy;

import io.vl3.connection.Connection;
import io.vl3.connection.PathSegment;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Ids of connections that a manager of the 0.2 API hands on. Its own are a small counter, unique at
 * one time only: here an id is {@code MANAGER/ID/CLIENT}, where the client is known by its labels.
 */
final class LegacyIds {

  private LegacyIds() {}

  static String here(String manager, String id, Map<String, String> labels) {
    return "%s/%s/%08x".formatted(manager, id, new TreeMap<>(labels).hashCode());
  }

  /** The manager's own. */
  static String there(String here, String manager) {
    int end = here.lastIndexOf('/');
    int begin = manager.length() + 1;
    return here.startsWith(manager + "/") && end >= begin ? here.substring(begin, end) : here;
  }

  /** The manager and its id; empty for a connection of another API. */
  static Optional<String> managersId(Connection connection) {
    return connection
        .passthrough()
        .filter(Kept.class::isInstance)
        .flatMap(kept -> connection.path().segment(0))
        .map(PathSegment::id)
        .filter(id -> id.contains("/"))
        .map(id -> id.substring(0, id.lastIndexOf('/')));
  }
}
