package io.vl3.endpoint;

import io.vl3.connection.ConnectionId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is committed for each connection of a runner. Thread-safe, without a lock over several. */
final class Sessions {

  private static final Logger LOG = LoggerFactory.getLogger(EndpointRunner.class);

  private final ConcurrentMap<ConnectionId, SessionRecord> records = new ConcurrentHashMap<>();

  Optional<SessionRecord> find(ConnectionId id) {
    return Optional.ofNullable(records.get(id));
  }

  void put(ConnectionId id, SessionRecord record) {
    records.put(id, record);
  }

  void remove(ConnectionId id) {
    records.remove(id);
  }

  int size() {
    return records.size();
  }

  /** The ids of those that there are now; others may come and go meanwhile. */
  Set<ConnectionId> ids() {
    return records.keySet();
  }

  /** A snapshot. */
  List<SessionRecord> all() {
    return List.copyOf(records.values());
  }

  /** Forgets one without releasing anything but what its values hold for this process alone. */
  void drop(ConnectionId id) {
    Optional.ofNullable(records.remove(id))
        .ifPresent(record -> record.values().forEach(Sessions::end));
  }

  private static void end(Object value) {
    if (value instanceof AutoCloseable held) {
      try {
        held.close();
      } catch (Exception failure) {
        LOG.warn("{}: did not end well", held, failure);
      }
    }
  }
}
