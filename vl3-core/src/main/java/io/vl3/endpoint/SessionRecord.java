package io.vl3.endpoint;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import java.util.List;

/**
 * What is committed for a connection.
 *
 * @param preferences the mechanisms that its last request offered
 * @param lapsed closed to choose another endpoint, which has not been found yet
 */
record SessionRecord(
    SessionValues values,
    Connection connection,
    List<Mechanism> preferences,
    Caller owner,
    boolean lapsed) {

  /** What is asked for when the last request is to be repeated. */
  ConnectionRequest repeat() {
    return new ConnectionRequest(connection, preferences);
  }
}
