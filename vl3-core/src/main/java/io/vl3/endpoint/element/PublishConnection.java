package io.vl3.endpoint.element;

import static io.vl3.connection.ConnectionState.REFRESH_REQUESTED;
import static io.vl3.connection.ConnectionState.UP;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.Path;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;

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
   * The element of a manager or forwarder: a live connection whose refresh fails is reported to be
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
    Connection shown = answer.withState(isMove(answer, session) ? REFRESH_REQUESTED : UP);
    session.onCommit(
        "post " + own, () -> board.post(asKept(shown, session.handle()), session.owner()));
    return answer;
  }

  /** With the segments that the session keeps, where they are the same: once instead of twice. */
  private static Connection asKept(Connection shown, ConnectionHandle handle) {
    Path path = shown.path().withoutProofs();
    return handle
        .established()
        .map(kept -> kept.path().segments())
        .filter(path.segments()::equals)
        .map(kept -> shown.withPath(new Path(path.index(), kept)))
        .orElse(shown);
  }

  /** Whether we changed it ourselves: the caller then has to ask for what it has now. */
  private static boolean isMove(Connection answer, Session session) {
    return session.caller().equals(Caller.SELF)
        && session.established().map(old -> !old.ip().equals(answer.ip())).orElse(false);
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
    board.publishState(own, ConnectionState.DOWN);
  }
}
