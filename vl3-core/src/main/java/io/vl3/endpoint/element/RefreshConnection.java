package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Token;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.measure.Attempts;
import io.vl3.measure.Measure;
import io.vl3.measure.Meter;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a connection's request before the first token of its path expires (NSM v1, {@code
 * refresh}): after 0.2 to 0.4 of what is left, outer components first. A failed one is repeated
 * every 200 ms; once the token has expired, every 5 s, as then it is for heal to act. A path
 * without any expiry is not refreshed.
 */
public final class RefreshConnection implements Endpoint {

  static final Duration RETRY = Duration.ofMillis(200);
  static final Duration RETRY_EXPIRED = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(RefreshConnection.class);
  private static final Key<Alarm> REFRESH = Key.named("refresh");

  private final Timer timer;
  private final Attempts refreshes;

  /** An element of a client chain. */
  public RefreshConnection(Timer timer) {
    this(timer, Meter.NONE);
  }

  /** An element of a client chain whose refreshes are counted. */
  public RefreshConnection(Timer timer, Meter meter) {
    this.timer = timer;
    this.refreshes = Attempts.counted(meter, Measure.REFRESHES);
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection answer = next.request(request);
    Alarm alarm = session.get(REFRESH).orElseGet(() -> new Alarm(timer));
    session.put(REFRESH, alarm);
    ConnectionHandle handle = session.handle();
    session.onCommit("start the refresh timer", () -> start(alarm, answer.path(), handle));
    return answer;
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    session.remove(REFRESH).ifPresent(Alarm::cancel); // a refresh behind this close is pointless
    next.close(connection);
  }

  @Override
  public Description description() {
    return Description.of(this)
        .doing("repeats the request before its tokens expire")
        .after(UpdatePath.class);
  }

  private void start(Alarm alarm, Path path, ConnectionHandle handle) {
    Optional<Instant> expires = firstExpiry(path);
    if (expires.isEmpty()) {
      alarm.cancel();
      return;
    }
    Duration left = Duration.between(timer.instant(), expires.get());
    double share = 0.2 + 0.2 * path.index() / path.segments().size();
    Duration delay = Duration.ofNanos((long) (left.toNanos() * share));
    // A token of no length must not make a hot loop.
    alarm.set(
        delay.compareTo(RETRY) < 0 ? RETRY : delay,
        (rung, turn) -> refresh(rung, turn, handle, expires.get()));
  }

  private void refresh(Alarm alarm, int turn, ConnectionHandle handle, Instant expires) {
    long begun = refreshes.begin();
    handle
        .request(request -> request)
        .whenComplete(
            (answer, failure) -> {
              if (failure == null) {
                refreshes.succeeded(begun);
              } else {
                refreshes.failed(begun, failure);
                LOG.debug("connection {}: refresh failed", handle.id(), failure);
                retry(alarm, turn, handle, expires);
              }
            });
  }

  private void retry(Alarm alarm, int turn, ConnectionHandle handle, Instant expires) {
    Duration delay = timer.instant().isBefore(expires) ? RETRY : RETRY_EXPIRED;
    alarm.setIfAt(turn, delay, (rung, again) -> refresh(rung, again, handle, expires));
  }

  private static Optional<Instant> firstExpiry(Path path) {
    return path.segments().stream()
        .map(PathSegment::token)
        .flatMap(Optional::stream)
        .map(Token::expires)
        .min(Instant::compareTo);
  }
}
