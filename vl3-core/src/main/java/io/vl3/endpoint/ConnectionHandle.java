package io.vl3.endpoint;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * Re-enters a connection's chain from its head, from outside a call: expiry, prefix change, heal.
 * What it starts waits its turn behind what runs. Thread-safe; calls do not block.
 */
public interface ConnectionHandle {

  /** The connection's id as its caller knows it. */
  ConnectionId id();

  /** The connection as last established; empty before and after. */
  Optional<Connection> established();

  /**
   * Repeats the last request, changed, with the connection as last established.
   *
   * @return the new connection, or an {@link EndpointException}; NOT_FOUND if it is closed by then
   */
  CompletionStage<Connection> request(UnaryOperator<ConnectionRequest> change);

  /**
   * Closes the connection. Completes also when it is closed already.
   *
   * @param why for the log
   */
  CompletionStage<Void> close(String why);
}
