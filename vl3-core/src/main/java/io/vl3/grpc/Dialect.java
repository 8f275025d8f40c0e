package io.vl3.grpc;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.failure.EndpointException;

/**
 * How an API whose messages look like those of NSM v1 means other things by them: what was read is
 * translated before a chain sees it, and what a chain says before it is written. Thread-safe; does
 * not block.
 */
public interface Dialect {

  /** NSM v1, where things are as they are read. */
  Dialect V1 =
      new Dialect() {
        @Override
        public Connection read(Connection received) {
          return received;
        }

        @Override
        public Connection write(Connection told) {
          return told;
        }

        @Override
        public ConnectionRequest read(ConnectionRequest received) {
          return received;
        }
      };

  /**
   * A connection as chains know it.
   *
   * @throws EndpointException INVALID for what this API does not allow
   */
  Connection read(Connection received) throws EndpointException;

  /**
   * A request as chains know it.
   *
   * @throws EndpointException INVALID for what this API does not allow
   */
  ConnectionRequest read(ConnectionRequest received) throws EndpointException;

  /** A connection as this API's callers know it: in an answer, or in an event. */
  Connection write(Connection told);
}
