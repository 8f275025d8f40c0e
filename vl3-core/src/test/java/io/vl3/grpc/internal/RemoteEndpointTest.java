package io.vl3.grpc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Empty;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Token;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.FailAt;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RemoteEndpointTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  private final FakeTimer timer = new FakeTimer();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final InProcess inProcess = new InProcess();

  @AfterEach
  void stop() {
    inProcess.close();
    executor.shutdownNow();
  }

  @Test
  void request_establishesThere_withTheTokenOfTheCurrentSegment_andCloseReleases()
      throws Exception {
    EndpointRunner server = runner((request, session, next) -> next.request(request));
    EndpointRunner client = client(server);
    Token token = new Token("jwt", timer.instant().plusSeconds(60));
    Connection asked = connection().withPath(new Path(0, List.of(segment().withToken(token))));

    Connection answer = client.request(ConnectionRequest.of(asked), Caller.SELF, deadline());

    assertThat(answer).isEqualTo(asked);
    assertThat(server.connections()).containsExactly(asked.withoutProofs());
    client.close(answer, Caller.SELF, deadline());
    assertThat(server.size()).isZero();
  }

  @Test
  void theServer_takesTheTokenFromTheHeaders() throws Exception {
    List<Token> seen = new CopyOnWriteArrayList<>();
    EndpointRunner server =
        runner(
            (request, session, next) -> {
              request
                  .connection()
                  .path()
                  .current()
                  .flatMap(PathSegment::token)
                  .ifPresent(seen::add);
              return next.request(request);
            });
    Token token = new Token("jwt", timer.instant().plusSeconds(60));
    Channel channel =
        io.grpc.ClientInterceptors.intercept(serve(server), TokenHeaders.from(() -> token));

    runner(new RemoteEndpoint(channel, LONG))
        .request(ConnectionRequest.of(connection()), Caller.SELF, deadline());

    assertThat(seen).containsExactly(token);
  }

  /** A heal of ours passes servers that ask for the proofs of everybody before us. */
  @Test
  void whatWeRepeatOurselves_hasTheTokensOfThoseBeforeUs_alsoForAnotherEndpoint_asTheCloseHas()
      throws Exception {
    Seeing server = new Seeing();
    EndpointRunner client = runner(new RemoteEndpoint(inProcess.serve(server), LONG));
    Connection asked = connection().withPath(path("before", "ours"));
    Connection made = client.request(ConnectionRequest.of(asked), Caller.SELF, deadline());
    assertThat(client.connections()).containsExactly(made.withoutProofs());
    ConnectionHandle handle = client.handle(made.requireId());

    handle.request(same -> same).toCompletableFuture().join();
    handle
        .request(same -> same.mapConnection(c -> c.withState(ConnectionState.RESELECT_REQUESTED)))
        .toCompletableFuture()
        .join();
    client.close(made.withoutProofs(), Caller.SELF, deadline());

    assertThat(server.calls)
        .containsExactly(
            "request before ours",
            "request before ours",
            "close before ours",
            "request before ours",
            "close before ours");
  }

  @Test
  void aTokenThatIsNewer_isNotReplacedByTheOneBefore() throws Exception {
    Seeing server = new Seeing();
    EndpointRunner client = runner(new RemoteEndpoint(inProcess.serve(server), LONG));
    for (String token : List.of("old", "new")) {
      Connection asked = connection().withPath(path(token, "ours-" + token));
      client.request(ConnectionRequest.of(asked), Caller.SELF, deadline());
    }
    client.close(connection(), Caller.SELF, deadline());
    assertThat(server.calls)
        .containsExactly("request old ours-old", "request new ours-new", "close new ours-new");
  }

  @Test
  void aFailureThere_arrivesWithReasonAndMessage() throws Exception {
    EndpointRunner client =
        client(
            runner(
                (request, session, next) -> {
                  throw new EndpointException(Reason.EXHAUSTED, "prefix: full");
                }));
    EndpointException failure = failureOf(client);
    assertThat(failure.reason()).isEqualTo(Reason.EXHAUSTED);
    assertThat(failure).hasMessage("prefix: full");
    assertThat(client.size()).isZero();
  }

  @Test
  void aFaultThere_isInternal_andTellsItsKindOnly() throws Exception {
    EndpointRunner client =
        client(
            runner(
                (request, session, next) -> {
                  throw new IllegalStateException("secret");
                }));
    EndpointException failure = failureOf(client);
    assertThat(failure.reason()).isEqualTo(Reason.INTERNAL);
    assertThat(failure.getMessage()).contains("IllegalStateException").doesNotContain("secret");
  }

  @Test
  void aFailureHereAfterTheAnswer_closesThere_onTheFirstRequestOnly() throws Exception {
    EndpointRunner server = runner((request, session, next) -> next.request(request));
    RemoteEndpoint remote = new RemoteEndpoint(serve(server), LONG);
    EndpointRunner failing = runner(EndpointChain.of("c", FailAt.answer(1), remote));
    failureOf(failing);
    assertThat(server.size()).isZero();

    EndpointRunner failingRefresh = runner(EndpointChain.of("c", FailAt.answer(2), remote));
    failingRefresh.request(ConnectionRequest.of(connection()), Caller.SELF, deadline());
    failureOf(failingRefresh);
    assertThat(server.size()).isEqualTo(1);
  }

  /** The reference's servers know a connection by the id of their own segment only. */
  @Test
  void theCloseAfterAFailureHere_namesTheServersSegment() throws Exception {
    Joining server = new Joining();
    RemoteEndpoint remote = new RemoteEndpoint(inProcess.serve(server), LONG);
    failureOf(runner(EndpointChain.of("c", FailAt.answer(1), remote)));
    assertThat(server.closed).containsExactly("client/id-1 server/there");
  }

  @Test
  void anAnswerWithAnotherId_isRefusedAndClosed() throws Exception {
    EndpointRunner client =
        client(
            runner(
                (request, session, next) ->
                    next.request(request).withId(new ConnectionId("other"))));
    assertThat(failureOf(client)).hasMessageContaining("connection.id: other (expected: id-1");
  }

  @Test
  void anotherCallersConnection_isDenied() throws Exception {
    EndpointRunner server = runner((request, session, next) -> next.request(request));
    server.request(ConnectionRequest.of(connection()), new Caller("uid:1000"), deadline());
    assertThat(failureOf(client(server)).reason()).isEqualTo(Reason.DENIED);
    assertThat(server.size()).isEqualTo(1);
  }

  private EndpointException failureOf(EndpointRunner client) {
    return catchThrowableOfType(
        EndpointException.class,
        () -> client.request(ConnectionRequest.of(connection()), Caller.SELF, deadline()));
  }

  private EndpointRunner client(EndpointRunner server) throws Exception {
    return runner(new RemoteEndpoint(serve(server), LONG));
  }

  private Channel serve(EndpointRunner server) throws Exception {
    return inProcess.serve(new NetworkServiceServer(server, executor, timer, LONG));
  }

  private EndpointRunner runner(Endpoint chain) {
    return new EndpointRunner(chain, executor, timer, LONG);
  }

  private Deadline deadline() {
    return Deadline.after(LONG, timer);
  }

  private static Connection connection() {
    return Connection.to("vl3").toBuilder()
        .id(new ConnectionId("id-1"))
        .path(new Path(0, List.of(segment())))
        .build();
  }

  private static PathSegment segment() {
    return PathSegment.of("client", "id-1");
  }

  /** The path at a second component. */
  private Path path(String before, String ours) {
    return new Path(
        1,
        List.of(
            PathSegment.of("before", "id-0").withToken(token(before)),
            segment().withToken(token(ours))));
  }

  private Token token(String text) {
    return new Token(text, timer.instant().plusSeconds(60));
  }

  /** A server that writes down the tokens of each call. */
  private static final class Seeing extends NetworkServiceGrpc.NetworkServiceImplBase {

    final List<String> calls = new CopyOnWriteArrayList<>();

    @Override
    public void request(
        NetworkServiceRequest request, StreamObserver<io.vl3.api.connection.Connection> observer) {
      write("request", request.getConnection());
      observer.onNext(request.getConnection());
      observer.onCompleted();
    }

    @Override
    public void close(io.vl3.api.connection.Connection connection, StreamObserver<Empty> observer) {
      write("close", connection);
      observer.onNext(Empty.getDefaultInstance());
      observer.onCompleted();
    }

    private void write(String call, io.vl3.api.connection.Connection connection) {
      calls.add(
          connection.getPath().getPathSegmentsList().stream()
              .map(io.vl3.api.connection.PathSegment::getToken)
              .collect(Collectors.joining(" ", call + " ", "")));
    }
  }

  /** A server that adds its segment to the path. */
  private static final class Joining extends NetworkServiceGrpc.NetworkServiceImplBase {

    final List<String> closed = new CopyOnWriteArrayList<>();

    @Override
    public void request(
        NetworkServiceRequest request, StreamObserver<io.vl3.api.connection.Connection> observer) {
      var answer = request.getConnection().toBuilder();
      answer.getPathBuilder().addPathSegmentsBuilder().setName("server").setId("there");
      observer.onNext(answer.build());
      observer.onCompleted();
    }

    @Override
    public void close(io.vl3.api.connection.Connection connection, StreamObserver<Empty> observer) {
      closed.add(
          connection.getPath().getPathSegmentsList().stream()
              .map(segment -> segment.getName() + "/" + segment.getId())
              .collect(Collectors.joining(" ")));
      observer.onNext(Empty.getDefaultInstance());
      observer.onCompleted();
    }
  }
}
