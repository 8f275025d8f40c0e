package io.vl3.grpc.internal;

import com.google.protobuf.Empty;
import io.grpc.Context;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Token;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.CallGuard;
import io.vl3.grpc.Dialect;
import io.vl3.time.Deadline;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Serves {@code networkservice.NetworkService} from a chain. The token in a call's headers becomes
 * the token of the current path segment, which is the caller's; the caller is identified by {@link
 * CallerKey}. Failures become statuses by {@link StatusCodes}; a malformed request never reaches
 * the chain.
 */
public final class NetworkServiceServer implements HandsCallsOn {

  private final EndpointRunner runner;
  private final BlockingCalls calls;
  private final Timer timer;
  private final Duration defaultTimeout;
  private final CallGuard guard;
  private final Dialect dialect;

  /** A server that lets everybody pass. */
  public NetworkServiceServer(
      EndpointRunner runner, Executor executor, Timer timer, Duration defaultTimeout) {
    this(runner, executor, timer, defaultTimeout, CallGuard.NONE);
  }

  /** A server in the words of NSM v1. */
  public NetworkServiceServer(
      EndpointRunner runner,
      Executor executor,
      Timer timer,
      Duration defaultTimeout,
      CallGuard guard) {
    this(runner, executor, timer, defaultTimeout, guard, Dialect.V1);
  }

  /**
   * A server.
   *
   * @param runner the head of the chain
   * @param executor where calls run; they block for as long as the chain
   * @param timer the clock of deadlines
   * @param defaultTimeout the time of a call whose caller set no deadline
   * @param guard who may call
   * @param dialect what callers mean
   */
  public NetworkServiceServer(
      EndpointRunner runner,
      Executor executor,
      Timer timer,
      Duration defaultTimeout,
      CallGuard guard,
      Dialect dialect) {
    this.runner = runner;
    this.calls = new BlockingCalls(executor);
    this.timer = timer;
    this.defaultTimeout = defaultTimeout;
    this.guard = guard;
    this.dialect = dialect;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return CallContext.around(new Service());
  }

  private final class Service extends NetworkServiceGrpc.NetworkServiceImplBase {

    @Override
    public void request(
        NetworkServiceRequest request, StreamObserver<io.vl3.api.connection.Connection> observer) {
      Deadline deadline = deadline();
      calls.answer(observer, request.getConnection().getId(), () -> establish(request, deadline));
    }

    @Override
    public void close(io.vl3.api.connection.Connection connection, StreamObserver<Empty> observer) {
      Deadline deadline = deadline();
      calls.answer(observer, connection.getId(), () -> release(connection, deadline));
    }
  }

  private Deadline deadline() {
    io.grpc.Deadline set = Context.current().getDeadline();
    Duration left =
        set == null ? defaultTimeout : Duration.ofNanos(set.timeRemaining(TimeUnit.NANOSECONDS));
    return Deadline.after(left, timer);
  }

  private io.vl3.api.connection.Connection establish(
      NetworkServiceRequest request, Deadline deadline) throws EndpointException {
    Optional<Token> token = TokenHeaders.read(CallerKey.currentHeaders());
    var read =
        dialect
            .read(ConnectionConverter.toDomain(request))
            .mapConnection(connection -> withToken(connection, token));
    guard.checkPath(read.connection().path());
    Connection answer =
        runner.request(read, CallerKey.current(), deadline, NetworkServiceServer::checkCallerWaits);
    return ConnectionConverter.toProto(dialect.write(answer));
  }

  /**
   * Its close may have overtaken the request on a busy machine: nobody would close then what the
   * request establishes.
   */
  private static void checkCallerWaits() throws EndpointException {
    if (Context.current().isCancelled()) {
      io.grpc.Deadline set = Context.current().getDeadline();
      throw new EndpointException(
          set != null && set.isExpired() ? Reason.DEADLINE : Reason.CANCELLED,
          "request: its caller has left (expected: to wait for the answer)");
    }
  }

  private Empty release(io.vl3.api.connection.Connection connection, Deadline deadline)
      throws EndpointException {
    Optional<Token> token = TokenHeaders.read(CallerKey.currentHeaders());
    Connection read = withToken(dialect.read(ConnectionConverter.toDomain(connection)), token);
    guard.checkPath(read.path());
    Caller caller = CallerKey.current();
    // A close goes through to the end although its caller has left meanwhile.
    Context detached = Context.current().fork();
    Context before = detached.attach();
    try {
      runner.close(read, caller, deadline);
    } finally {
      detached.detach(before);
    }
    return Empty.getDefaultInstance();
  }

  private static Connection withToken(Connection connection, Optional<Token> token) {
    Path path = connection.path();
    Optional<PathSegment> callers = path.current();
    if (token.isEmpty() || callers.isEmpty()) {
      return connection;
    }
    return connection.withPath(
        path.withSegment(path.index(), callers.get().withToken(token.get())));
  }
}
