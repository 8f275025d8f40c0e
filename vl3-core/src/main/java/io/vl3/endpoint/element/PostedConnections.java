package io.vl3.endpoint.element;

import io.vl3.connection.ConnectionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a board, found by their own id or by that of any component they pass: who
 * begins to watch one of thousands does not look at the others. Not thread-safe.
 */
final class PostedConnections {

  private final Map<String, Posted> byId = new HashMap<>();

  /**
   * The own ids by those of the other components. Nearly always one connection per id, hence
   * immutable lists.
   */
  private final Map<String, List<String>> bySegment = new HashMap<>();

  int size() {
    return byId.size();
  }

  Optional<Posted> find(ConnectionId id) {
    return Optional.ofNullable(byId.get(id.value()));
  }

  /** Those that pass a component's id; all for an empty one. */
  Collection<Posted> passing(String segmentId) {
    if (segmentId.isEmpty()) {
      return byId.values();
    }
    Stream<Posted> own = Stream.ofNullable(byId.get(segmentId)).filter(Posted::passesOwnSegment);
    Stream<Posted> others = bySegment.getOrDefault(segmentId, List.of()).stream().map(byId::get);
    return Stream.concat(own, others).toList();
  }

  /** Posts one; answers what was posted under its id before. */
  Optional<Posted> put(Posted now) {
    String id = now.id().value();
    Optional<Posted> before = Optional.ofNullable(byId.put(id, now));
    if (before.isEmpty() || !before.get().passesSame(now)) {
      before.ifPresent(this::unindex);
      List<String> alone = List.of(id);
      now.otherSegmentIds()
          .forEach(segment -> bySegment.merge(segment, alone, PostedConnections::both));
    }
    return before;
  }

  Optional<Posted> remove(ConnectionId id) {
    Optional<Posted> before = Optional.ofNullable(byId.remove(id.value()));
    before.ifPresent(this::unindex);
    return before;
  }

  private void unindex(Posted gone) {
    for (String segment : gone.otherSegmentIds()) {
      bySegment.computeIfPresent(segment, (s, ids) -> without(ids, gone.id().value()));
    }
  }

  private static List<String> both(List<String> some, List<String> more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }

  private static @Nullable List<String> without(List<String> ids, String id) {
    List<String> left = ids.stream().filter(other -> !other.equals(id)).toList();
    return left.isEmpty() ? null : left;
  }
}
