package io.vl3.connection;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A request for a connection, or for its refresh.
 *
 * @param connection the connection as the caller sees it
 * @param mechanismPreferences the mechanisms that the caller offers, best first
 */
public record ConnectionRequest(Connection connection, List<Mechanism> mechanismPreferences) {

  /** Copies the list. */
  public ConnectionRequest {
    mechanismPreferences = List.copyOf(mechanismPreferences);
  }

  /** A request without mechanism preferences. */
  public static ConnectionRequest of(Connection connection) {
    return new ConnectionRequest(connection, List.of());
  }

  /** This request for another connection. */
  public ConnectionRequest withConnection(Connection changed) {
    return new ConnectionRequest(changed, mechanismPreferences);
  }

  /** This request with the connection changed. */
  public ConnectionRequest mapConnection(UnaryOperator<Connection> change) {
    return withConnection(change.apply(connection));
  }

  /** This request with other mechanism preferences. */
  public ConnectionRequest withMechanismPreferences(List<Mechanism> changed) {
    return new ConnectionRequest(connection, changed);
  }
}
