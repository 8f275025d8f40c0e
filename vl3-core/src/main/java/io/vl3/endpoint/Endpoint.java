package io.vl3.endpoint;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.failure.EndpointException;

/**
 * One step of handling a connection, and a chain of such steps: both are endpoints, so chains nest.
 *
 * <p>An element does its part and hands on to {@code next}, or answers itself by not calling it.
 * The same interface serves a server chain, which ends by answering, and a client chain, which ends
 * in a call.
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>Calls block; one connection has one call at a time, different connections run in parallel.
 *   <li>An element keeps no per-connection fields: state goes to the {@link Session}.
 *   <li>What a request acquires is undone through {@link Session#onFailure}, registered at
 *       acquisition and before calling next. What a refresh replaces is given back through {@link
 *       Session#onCommit}.
 *   <li>A repeat of a request with the same id is idempotent.
 *   <li>Close calls next first and releases after, also when next fails, so that an address is not
 *       given again while a route points to it. It must work for a session that holds nothing.
 * </ul>
 */
public interface Endpoint {

  /**
   * Establishes or refreshes a connection.
   *
   * @param request what is asked, as the elements before left it
   * @param session the connection's state: a working copy, committed only if the whole chain
   *     succeeds
   * @param next the rest of the chain; single use
   * @return the connection as the caller shall see it
   * @throws EndpointException if it cannot be; every element has then undone its part
   */
  Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException;

  /**
   * Closes a connection. Forwards by default.
   *
   * @param connection the last established connection; for one unknown here, the caller's copy
   * @throws EndpointException if something could not be released; everything was tried
   */
  default void close(Connection connection, Session session, Next next) throws EndpointException {
    next.close(connection);
  }

  /** The element's name, its task, and the elements that it needs before it. */
  default Description description() {
    return Description.of(this);
  }
}
