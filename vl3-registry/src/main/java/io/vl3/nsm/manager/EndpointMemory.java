package io.vl3.nsm.manager;

import io.vl3.connection.ConnectionId;
import io.vl3.internal.journal.Change;
import io.vl3.internal.journal.Journal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which endpoint served a connection, beyond the death of the manager: a client that lost its own
 * memory at the same time comes back to the endpoint that holds its address. For connections that
 * were closed it keeps what {@link FormerEndpoints} knows. A connection that is not established
 * when the journal fails is remembered by this process only. Thread-safe; calls do not block.
 */
final class EndpointMemory {

  private static final Logger LOG = LoggerFactory.getLogger(EndpointMemory.class);

  private final Optional<Journal> journal;

  /** Names by connection: those restored, and those that this process established. */
  private final Map<String, String> names = new ConcurrentHashMap<>();

  /** Of connections that an earlier life of this manager saw closed. */
  private final Map<ConnectionId, Former> formers = new HashMap<>();

  private EndpointMemory(Optional<Journal> journal) {
    this.journal = journal;
    journal.ifPresent(kept -> kept.restored().forEach(this::restore));
  }

  private void restore(String id, String text) {
    Optional<Former> former = Former.tryParse(text);
    former.ifPresentOrElse(
        closed -> formers.put(new ConnectionId(id), closed), () -> names.put(id, text));
  }

  /** The endpoints of connections that were closed in an earlier life; a snapshot. */
  Map<ConnectionId, Former> restoredFormers() {
    return Map.copyOf(formers);
  }

  /** One that forgets with the process. */
  static EndpointMemory none() {
    return new EndpointMemory(Optional.empty());
  }

  /** One that remembers by a journal, which stays the caller's to close. */
  static EndpointMemory in(Journal journal) {
    return new EndpointMemory(Optional.of(journal));
  }

  /** The name of the endpoint that served the connection. */
  Optional<String> find(ConnectionId connection) {
    return Optional.ofNullable(names.get(connection.value()));
  }

  void put(ConnectionId connection, String endpoint) {
    if (!endpoint.equals(names.put(connection.value(), endpoint))) {
      write(Change.put(connection.value(), endpoint));
    }
  }

  void remove(ConnectionId connection) {
    if (names.remove(connection.value()) != null) {
      write(Change.remove(connection.value()));
    }
  }

  /** A connection is closed, and may be asked for again. */
  void putFormer(ConnectionId connection, Former former) {
    names.remove(connection.value());
    write(Change.put(connection.value(), former.toText()));
  }

  /**
   * The endpoint of a closed connection matters no more, unless the connection has been established
   * again.
   */
  void removeFormer(ConnectionId connection) {
    if (!names.containsKey(connection.value())) {
      write(Change.remove(connection.value()));
    }
  }

  /** Forgets all but the connections given: nobody has asked for the others again. */
  void retain(List<ConnectionId> connections) {
    List<String> kept = connections.stream().map(ConnectionId::value).toList();
    names.keySet().stream()
        .filter(id -> !kept.contains(id))
        .map(ConnectionId::new)
        .forEach(this::remove);
  }

  /** How many connections are remembered. */
  int size() {
    return names.size();
  }

  private void write(Change change) {
    journal.ifPresent(
        kept ->
            kept.append(List.of(change))
                .exceptionally(
                    failure -> {
                      LOG.warn("manager: its memory is not kept: {}", failure.getMessage());
                      return null;
                    }));
  }
}
