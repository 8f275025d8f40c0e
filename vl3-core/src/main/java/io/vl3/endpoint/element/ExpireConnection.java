package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Token;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a connection whose caller did not refresh it before the caller's token expired (NSM v1,
 * {@code timeout}). A caller without token is never closed so.
 */
public final class ExpireConnection implements Endpoint {

  private static final Logger LOG = LoggerFactory.getLogger(ExpireConnection.class);
  private static final Key<Alarm> EXPIRY = Key.named("expiry");

  /** Before a close is tried again whose turn did not come. */
  static final Duration RETRY = Duration.ofSeconds(5);

  private final Timer timer;
  private final Duration margin;

  /**
   * An element.
   *
   * @param margin how long before the expiry to close, as a close takes time; at most a fifth of
   *     what a token has left is taken
   */
  public ExpireConnection(Timer timer, Duration margin) {
    this.timer = timer;
    this.margin = margin;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Optional<Instant> expires =
        request.connection().path().previous().flatMap(PathSegment::token).map(Token::expires);
    refuseExpired(expires, request.connection());
    Connection answer = next.request(request);
    Alarm alarm = session.get(EXPIRY).orElseGet(() -> new Alarm(timer));
    session.put(EXPIRY, alarm);
    ConnectionHandle handle = session.handle();
    session.onCommit("start the expiry timer", () -> start(alarm, expires, handle));
    return answer;
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    try {
      next.close(connection);
    } finally {
      session.remove(EXPIRY).ifPresent(Alarm::cancel);
    }
  }

  @Override
  public Description description() {
    return Description.of(this)
        .doing("closes what its caller does not refresh")
        .after(UpdatePath.class);
  }

  private void start(Alarm alarm, Optional<Instant> expires, ConnectionHandle handle) {
    if (expires.isEmpty()) {
      alarm.cancel();
      return;
    }
    Duration left = Duration.between(timer.instant(), expires.get());
    Duration fifth =
        Duration.ofMillis(left.toMillis() / 5); // dividedBy takes decimals of any length
    Duration early = margin.compareTo(fifth) < 0 ? margin : fifth;
    alarm.set(left.minus(early), (rung, turn) -> expire(rung, turn, handle));
  }

  /** A refresh may be ahead of the close in the connection's turn: then the alarm was set anew. */
  private static void expire(Alarm alarm, int turn, ConnectionHandle handle) {
    String why = "not refreshed before its caller's token ends";
    LOG.info("connection {}: {}", handle.id(), why);
    handle
        .closeIf(why, () -> alarm.isAt(turn))
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                return;
              }
              if (handle.established().isPresent()) { // an earlier request kept the turn
                String late = EndpointException.of(failure).getMessage();
                LOG.info("connection {}: not closed yet: {}", handle.id(), late);
                alarm.setIfAt(turn, RETRY, (rung, again) -> expire(rung, again, handle));
              } else {
                LOG.warn("connection {}: closed with a rest, {}", handle.id(), why, failure);
              }
            });
  }

  private void refuseExpired(Optional<Instant> expires, Connection connection)
      throws EndpointException {
    if (expires.isPresent() && !expires.get().isAfter(timer.instant())) {
      throw new EndpointException(
          Reason.INVALID,
          "connection.path.path_segments[%d].expires: %s (expected: later than %s)"
              .formatted(connection.path().index() - 1, expires.get(), timer.instant()));
    }
  }
}
