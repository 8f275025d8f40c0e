package io.vl3.endpoint.element;

import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionState;
import java.util.Optional;

/**
 * The request for another endpoint: neither endpoint nor mechanism, path and context as they were.
 */
final class Reselection {

  private Reselection() {}

  static ConnectionRequest of(ConnectionRequest request) {
    return request.mapConnection(
        connection ->
            connection.toBuilder()
                .mechanism(Optional.empty())
                .endpointName("")
                .state(ConnectionState.RESELECT_REQUESTED)
                .build());
  }
}
