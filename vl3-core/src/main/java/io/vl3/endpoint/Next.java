package io.vl3.endpoint;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.failure.EndpointException;

/**
 * The rest of a chain. Single-use: a second call, or one after the element has returned, throws
 * {@link IllegalStateException} and names the element.
 */
public interface Next {

  /** Hands a request on. */
  Connection request(ConnectionRequest request) throws EndpointException;

  /** Hands a close on. */
  void close(Connection connection) throws EndpointException;
}
