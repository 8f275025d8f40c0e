package io.vl3.connection;

import java.util.List;

/**
 * The event that a monitor of connections receives (NSM v1, {@code connection.ConnectionEvent}).
 *
 * @param type what happened
 * @param connections the connections that it happened to
 */
public record ConnectionEvent(Type type, List<Connection> connections) {

  /** The kind of change. */
  public enum Type {
    /** All connections that match, once, first. */
    INITIAL_STATE_TRANSFER,
    UPDATE,
    DELETE
  }

  /** Copies the list. */
  public ConnectionEvent {
    connections = List.copyOf(connections);
  }
}
