package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionState;
import java.util.Optional;

/**
 * The request for another endpoint: neither endpoint nor mechanism, path and context as they were.
 */
final class Reselection {

  private Reselection() {}

  /**
   * The request for another endpoint than the one that was judged; as it is if another serves
   * meanwhile, which two watchers of one connection would else leave at once.
   *
   * @param judged the endpoint that served then; empty for none
   */
  static ConnectionRequest unlessMoved(ConnectionRequest request, Optional<String> judged) {
    Connection now = request.connection();
    boolean moved =
        judged
            .map(name -> !name.equals(now.endpointName()))
            .orElse(now.state() == ConnectionState.UP);
    return moved ? request : of(request);
  }

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
