package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionState;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;

/** Posts established connections where others may watch them (NSM v1, {@code monitor}). */
public final class PublishConnection implements Endpoint {

  private final ConnectionBoard board;
  private final boolean tellingFailures;

  private PublishConnection(ConnectionBoard board, boolean tellingFailures) {
    this.board = board;
    this.tellingFailures = tellingFailures;
  }

  /** The element of an endpoint, which says nothing when a refresh fails. */
  public static PublishConnection on(ConnectionBoard board) {
    return new PublishConnection(board, false);
  }

  /**
   * The element of a manager or forwarder: a live connection whose refresh fails is told to be
   * DOWN.
   */
  public static PublishConnection tellingFailures(ConnectionBoard board) {
    return new PublishConnection(board, true);
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    ConnectionId own = request.connection().requireId();
    if (tellingFailures && session.established().isPresent()) {
      session.onFailure("tell that " + own + " is down", () -> tellDown(own));
    }
    Connection answer = next.request(request);
    session.onCommit(
        "post " + own, () -> board.post(answer.withState(ConnectionState.UP), session.owner()));
    return answer;
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    try {
      next.close(connection);
    } finally {
      board.remove(connection.requireId());
    }
  }

  @Override
  public Description description() {
    return Description.of(this).doing("shows connections to watchers").after(UpdatePath.class);
  }

  private void tellDown(ConnectionId own) {
    board.publishState(posted -> posted.requireId().equals(own), ConnectionState.DOWN);
  }
}
