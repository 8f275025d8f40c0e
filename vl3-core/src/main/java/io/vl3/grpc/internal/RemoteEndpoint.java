package io.vl3.grpc.internal;

import io.grpc.Attributes;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceGrpc.NetworkServiceBlockingStub;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.AnswerGuard;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a client chain: asks the network service at the other end of a channel. Sends the
 * token of the current path segment in the headers and the session's deadline with the call.
 *
 * <p>What is kept of a connection has no tokens. As the other side wants to see those of all
 * components before us with each call, also with one that nobody before us has made, they are kept
 * here.
 *
 * <p>If the first request fails later on, or in a way that leaves open whether the other side has
 * established the connection, it is closed there.
 */
public final class RemoteEndpoint implements Endpoint {

  private static final Logger LOG = LoggerFactory.getLogger(RemoteEndpoint.class);

  /** Failures after which the other side may have established the connection all the same. */
  private static final Set<Reason> OPEN_OUTCOME =
      EnumSet.of(Reason.DEADLINE, Reason.CANCELLED, Reason.UNAVAILABLE, Reason.INTERNAL);

  /** Lasting: the components before us stay when another endpoint is chosen. */
  private static final Key<Path> PROVEN = Key.lasting("path with its tokens");

  private final Channel channel;
  private final Duration closeTimeout;
  private final AnswerGuard guard;

  /** A client that believes every answer. */
  public RemoteEndpoint(Channel channel, Duration closeTimeout) {
    this(channel, closeTimeout, AnswerGuard.NONE);
  }

  /**
   * A client of the network service behind a channel.
   *
   * @param channel owned by the caller
   * @param closeTimeout the least time that a close may take, also when the session's deadline has
   *     passed
   * @param guard which answers are believed
   */
  public RemoteEndpoint(Channel channel, Duration closeTimeout, AnswerGuard guard) {
    this.channel = channel;
    this.closeTimeout = closeTimeout;
    this.guard = guard;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection asked = proven(request.connection(), session);
    ConnectionRequest call = request.withConnection(asked);
    boolean first = session.established().isEmpty();
    Answer answer;
    try {
      answer = call(call, session);
    } catch (EndpointException failure) {
      if (first && OPEN_OUTCOME.contains(failure.reason())) {
        session.onFailure("close at " + channel.authority(), () -> closeQuietly(asked));
      }
      throw failure;
    }
    if (first) {
      Connection there = asThere(asked, answer.connection());
      session.onFailure("close at " + channel.authority(), () -> closeQuietly(there));
    }
    Connection believed = believed(answer, call, session);
    if (!believed.id().equals(asked.id())) {
      throw new EndpointException(
          Reason.INTERNAL,
          "connection.id: %s (expected: %s as asked) [answer of %s]"
              .formatted(text(believed), text(asked), channel.authority()));
    }
    session.put(PROVEN, believed.path());
    return believed;
  }

  private Connection believed(Answer answer, ConnectionRequest request, Session session)
      throws EndpointException {
    AnswerGuard.Verdict verdict = judge(answer);
    if (!verdict.outdated()) {
      verdict.orThrow();
      return answer.connection();
    }
    Answer again = call(request, session);
    judge(again).orThrow();
    return again.connection();
  }

  private AnswerGuard.Verdict judge(Answer answer) {
    return guard.judge(answer.connection().path(), answer.carriedBy());
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    Duration left = session.deadline().remaining();
    close(proven(connection, session), left.compareTo(closeTimeout) > 0 ? left : closeTimeout);
  }

  private static Connection proven(Connection kept, Session session) {
    return session
        .get(PROVEN)
        .map(earlier -> kept.withPath(kept.path().withProofsOf(earlier)))
        .orElse(kept);
  }

  private Answer call(ConnectionRequest request, Session session) throws EndpointException {
    CarryingConnection carrier = new CarryingConnection();
    try {
      var answer =
          stub(request.connection(), session.deadline().remaining())
              .withInterceptors(carrier)
              .request(ConnectionConverter.toProto(request));
      return new Answer(read(answer), carrier.attributes());
    } catch (StatusRuntimeException failure) {
      throw StatusCodes.toException(failure);
    }
  }

  private Connection read(io.vl3.api.connection.Connection answer) throws EndpointException {
    try {
      return ConnectionConverter.toDomain(answer);
    } catch (EndpointException malformed) {
      throw new EndpointException(
          Reason.INTERNAL,
          "%s [answer of %s]".formatted(malformed.getMessage(), channel.authority()),
          malformed);
    }
  }

  private void close(Connection connection, Duration timeout) throws EndpointException {
    // Not cancelled by, nor in the time of, the call that led here.
    Context detached = Context.current().fork();
    Context before = detached.attach();
    try {
      var unused = stub(connection, timeout).close(ConnectionConverter.toProto(connection));
    } catch (StatusRuntimeException failure) {
      throw StatusCodes.toException(failure);
    } finally {
      detached.detach(before);
    }
  }

  /** Servers of the reference know a connection by the id in their own path segment only. */
  private static Connection asThere(Connection asked, Connection answer) {
    return answer.path().index() == asked.path().index() ? asked.withPath(answer.path()) : asked;
  }

  /** The other side's own expiry is the second net, so a failure here is only logged. */
  private void closeQuietly(Connection connection) {
    try {
      close(connection, closeTimeout);
    } catch (EndpointException failure) {
      LOG.debug("connection {}: left to expire: {}", text(connection), failure.getMessage());
    }
  }

  private NetworkServiceBlockingStub stub(Connection connection, Duration timeout) {
    Metadata headers = new Metadata();
    connection
        .path()
        .current()
        .flatMap(PathSegment::token)
        .ifPresent(token -> TokenHeaders.put(headers, token));
    return NetworkServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static String text(Connection connection) {
    return connection.id().map(Object::toString).orElse("none");
  }

  /** An answer, and the connection that carried it. */
  private record Answer(Connection connection, Attributes carriedBy) {}
}
