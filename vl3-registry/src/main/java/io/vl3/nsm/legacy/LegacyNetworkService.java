package io.vl3.nsm.legacy;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceGrpc.NetworkServiceBlockingStub;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.ConnectionConverter;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.nsm.legacy.Dialled.Known;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a client chain: asks a manager of the 0.2 API for a peer. The manager chooses the
 * connection's id; a repeat carries it. The answer's path holds no tokens, as nothing expires.
 */
final class LegacyNetworkService implements Endpoint {

  private static final Logger LOG = LoggerFactory.getLogger(LegacyNetworkService.class);

  /** By which a manager says that it has nothing to close. */
  private static final String UNKNOWN_THERE = "no such client connection";

  private final Channel channel;
  private final Duration closeTimeout;
  private final WriteRequest writer;
  private final Dialled dialled;

  /**
   * A client.
   *
   * @param channel to the manager; owned by the caller
   * @param closeTimeout the least time that a close may take
   */
  LegacyNetworkService(
      Channel channel, Duration closeTimeout, EndpointNames names, Dialled dialled) {
    this.channel = channel;
    this.closeTimeout = closeTimeout;
    this.writer = new WriteRequest(names);
    this.dialled = dialled;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection asked = request.connection();
    ConnectionId own = asked.requireId();
    Optional<Known> before = dialled.find(own);
    var answer = call(writer.request(request, before.map(Known::id).orElse("")), session);
    if (before.isEmpty()) {
      session.onFailure("close at " + channel.authority(), () -> closeQuietly(answer));
    }
    Connection read = read(answer, asked);
    session.onFailure("forget what it is called there", () -> dialled.restore(own, before));
    dialled.put(own, new Known(answer.getId(), manager(answer), Known.addresses(read)));
    return read;
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    ConnectionId own = connection.requireId();
    Optional<Known> known = dialled.find(own);
    if (known.isEmpty()) {
      return;
    }
    Duration left = session.deadline().remaining();
    close(
        writer.close(connection, known.get().id()),
        left.compareTo(closeTimeout) > 0 ? left : closeTimeout);
    dialled.remove(own);
  }

  @Override
  public Description description() {
    return Description.of(this).doing("calls a manager of the 0.2 API");
  }

  private io.vl3.api.connection.Connection call(NetworkServiceRequest request, Session session)
      throws EndpointException {
    io.vl3.api.connection.Connection answer;
    try {
      answer = stub(session.deadline().remaining()).request(request);
    } catch (StatusRuntimeException failure) {
      throw StatusCodes.toException(failure);
    }
    if (answer.getId().isEmpty()) {
      throw new EndpointException(
          Reason.INTERNAL,
          "connection.id: '' (expected: the manager's) [answer of %s]"
              .formatted(channel.authority()));
    }
    return answer;
  }

  /** As v1 would answer: under our id, by a path that goes on at the manager. */
  private Connection read(io.vl3.api.connection.Connection answer, Connection asked)
      throws EndpointException {
    Connection told;
    try {
      told = ConnectionConverter.toDomain(answer);
    } catch (EndpointException malformed) {
      throw new EndpointException(
          Reason.INTERNAL,
          "%s [answer of %s]".formatted(malformed.getMessage(), channel.authority()),
          malformed);
    }
    ConnectionId own = asked.requireId();
    String component = asked.path().current().map(PathSegment::name).orElse("");
    return told.toBuilder()
        .id(own)
        .networkService(asked.networkService())
        .endpointName(asked.endpointName())
        .labels(asked.labels())
        .payload("")
        .mechanism(told.mechanism().map(LegacyMechanisms::read))
        .context(told.context().withIp(LegacyRoutes.read(told.ip())))
        .path(
            new Path(
                0,
                List.of(
                    PathSegment.of(component, own.value()),
                    PathSegment.of(manager(answer), answer.getId()))))
        .passthrough(Optional.of(new Kept(Optional.empty(), Map.of())))
        .build();
  }

  private static String manager(io.vl3.api.connection.Connection answer) {
    return answer.getPath().getPathSegmentsCount() > 0
        ? answer.getPath().getPathSegments(0).getName()
        : "";
  }

  private void close(io.vl3.api.connection.Connection connection, Duration timeout)
      throws EndpointException {
    // Not cancelled by, nor in the time of, the call that led here.
    Context detached = Context.current().fork();
    Context before = detached.attach();
    try {
      var unused = stub(timeout).close(connection);
    } catch (StatusRuntimeException failure) {
      if (!isUnknownThere(failure.getStatus())) {
        throw StatusCodes.toException(failure);
      }
    } finally {
      detached.detach(before);
    }
  }

  private static boolean isUnknownThere(Status status) {
    return Optional.ofNullable(status.getDescription()).orElse("").contains(UNKNOWN_THERE);
  }

  /** Nothing expires there: a connection that stays is one more that the manager heals. */
  private void closeQuietly(io.vl3.api.connection.Connection connection) {
    try {
      close(connection, closeTimeout);
    } catch (EndpointException failure) {
      LOG.info("connection {}: not closed: {}", connection.getId(), failure.getMessage());
    }
  }

  private NetworkServiceBlockingStub stub(Duration timeout) {
    return NetworkServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }
}
