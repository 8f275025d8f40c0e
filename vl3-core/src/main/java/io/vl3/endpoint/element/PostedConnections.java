package io.vl3.endpoint.element;

import io.vl3.connection.ConnectionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a board, found by their own id or by that of any component they pass: who
 * begins to watch one of thousands does not look at the others. Not thread-safe.
 */
final class PostedConnections {

  private final Map<ConnectionId, Posted> byId = new HashMap<>();

  /** Nearly always one connection per id, hence immutable lists. */
  private final Map<String, List<ConnectionId>> bySegment = new HashMap<>();

  int size() {
    return byId.size();
  }

  Optional<Posted> find(ConnectionId id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** Those that pass a component's id; all for an empty one. */
  Collection<Posted> passing(String segmentId) {
    return segmentId.isEmpty()
        ? byId.values()
        : bySegment.getOrDefault(segmentId, List.of()).stream().map(byId::get).toList();
  }

  /** Posts one; answers what was posted under its id before. */
  Optional<Posted> put(Posted now) {
    Optional<Posted> before = Optional.ofNullable(byId.put(now.id(), now));
    List<String> segments = now.segmentIds();
    if (before.isEmpty() || !before.get().segmentIds().equals(segments)) {
      before.ifPresent(this::unindex);
      List<ConnectionId> alone = List.of(now.id());
      segments.forEach(segment -> bySegment.merge(segment, alone, PostedConnections::both));
    }
    return before;
  }

  Optional<Posted> remove(ConnectionId id) {
    Optional<Posted> before = Optional.ofNullable(byId.remove(id));
    before.ifPresent(this::unindex);
    return before;
  }

  private void unindex(Posted gone) {
    for (String segment : gone.segmentIds()) {
      bySegment.computeIfPresent(segment, (s, ids) -> without(ids, gone.id()));
    }
  }

  private static List<ConnectionId> both(List<ConnectionId> some, List<ConnectionId> more) {
    List<ConnectionId> all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }

  private static @Nullable List<ConnectionId> without(List<ConnectionId> ids, ConnectionId id) {
    List<ConnectionId> left = ids.stream().filter(other -> !other.equals(id)).toList();
    return left.isEmpty() ? null : left;
  }
}
