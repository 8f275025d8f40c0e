package io.vl3.endpoint;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.failure.EndpointException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * Re-enters a connection's chain from its head, from outside a call: expiry, prefix change, heal.
 * The call that it starts waits its turn behind the one that runs. Thread-safe; calls do not block.
 */
public interface ConnectionHandle {

  /** The connection's id as its caller knows it. */
  ConnectionId id();

  /**
   * The connection as last established, with no more of its tokens than when they end; empty before
   * and after, and while another endpoint is sought.
   */
  Optional<Connection> established();

  /**
   * Repeats the last request, changed, with the connection as last established. A change to state
   * RESELECT_REQUESTED closes it first; should the request then fail, it may be repeated.
   *
   * @return the new connection, or an {@link EndpointException}; NOT_FOUND if it is closed by then
   */
  CompletionStage<Connection> request(UnaryOperator<ConnectionRequest> change);

  /**
   * Closes the connection. Completes also when it is closed already.
   *
   * @param why for the log
   */
  default CompletionStage<Void> close(String why) {
    return closeIf(why, () -> true);
  }

  /**
   * Closes the connection if there is still reason to when its turn has come: a refresh may have
   * been ahead of it.
   *
   * @param why for the log
   * @param still asked within the connection's turn
   */
  CompletionStage<Void> closeIf(String why, BooleanSupplier still);
}
