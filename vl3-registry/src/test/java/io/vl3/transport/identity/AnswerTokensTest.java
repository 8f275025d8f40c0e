package io.vl3.transport.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
import io.grpc.stub.StreamObserver;
import io.spiffe.svid.x509svid.X509Svid;
import io.vl3.api.connection.Connection;
import io.vl3.api.connection.Path;
import io.vl3.api.connection.PathSegment;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.connection.Caller;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Token;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.RemoteEndpoint;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import io.vl3.transport.TestTransport;
import io.vl3.transport.TransportUrl;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which answers a client believes over TLS, and what becomes of the others. */
class AnswerTokensTest {

  private static final Duration LIFE = Duration.ofMinutes(1);
  private static final String CLIENT = "spiffe://test/alice";

  private final TestAuthority authority = new TestAuthority("test");
  private final TestAuthority.Source nse = authority.source("/nse");
  private final TestAuthority.Source alice = authority.source("/alice");
  private final TestAuthority.Source mallory = authority.source("/mallory");
  private final Answering server = new Answering();
  private TestTransport transport;
  private EndpointRunner client;

  @BeforeEach
  void serve() throws Exception {
    transport = new TestTransport();
    TransportUrl.Unix url = transport.unix("nse");
    transport.start(url, transport.secured(nse), server);
    Tls tls = transport.tls(alice);
    client =
        new EndpointRunner(
            EndpointChain.of(
                "alice",
                new UpdatePath("alice", tls.tokens(), ConnectionId::random),
                new RemoteEndpoint(
                    transport.open(url, transport.options().withTls(tls)),
                    LIFE,
                    tls.answerGuard())),
            transport.executor(),
            transport.timer(),
            LIFE);
  }

  @AfterEach
  void stop() throws Exception {
    transport.close();
  }

  @Test
  void theServersOwnToken_isBelieved() throws Exception {
    server.token = first -> token(nse.getX509Svid(), CLIENT, Instant.now()).value();
    assertThat(request().path().segments()).hasSize(2);
    assertThat(server.closed).isEmpty();
    assertThat(client.size()).isEqualTo(1);
  }

  @Test
  void theTokenOfAnother_isRefused_andTheConnectionClosed() {
    server.token = first -> token(mallory.getX509Svid(), CLIENT, Instant.now()).value();
    assertRefused("signed by another (expected: by the server's TLS certificate)", 1);
  }

  @Test
  void aTokenInTheServersName_isRefused_alsoByANewConnection() {
    X509Svid forged = authority.issue("/nse", Duration.ofHours(1));
    server.token = first -> token(forged, CLIENT, Instant.now()).value();
    assertRefused("signed by another", 2);
  }

  @Test
  void anUnsignedToken_isRefused() {
    server.token =
        first -> {
          String signed = token(nse.getX509Svid(), CLIENT, Instant.now()).value();
          return encoded("{\"alg\":\"none\"}") + signed.substring(signed.indexOf('.'));
        };
    assertRefused("none that can be read", 1);
  }

  @Test
  void ourOwnTokenSentBack_isRefused() {
    server.token = first -> first;
    assertRefused("[sub spiffe://test/alice]", 1);
  }

  @Test
  void aTokenThatHasExpired_isRefused() {
    server.token =
        first -> token(nse.getX509Svid(), CLIENT, Instant.now().minusSeconds(61)).value();
    assertRefused("path_segments[1].token: expired at", 1);
  }

  @Test
  void noToken_isRefused() {
    server.token = first -> "";
    assertRefused("path_segments[1].token: none that can be read", 1);
  }

  @Test
  void noSegmentOfTheServer_isRefused() {
    server.joins = false;
    assertRefused("path_segments[1].token: none that can be read", 1);
  }

  @Test
  void whatIsBehindTheServer_mustBeChained() {
    server.token = first -> token(nse.getX509Svid(), "spiffe://test/x", Instant.now()).value();
    server.behind = Optional.of(token(mallory.getX509Svid(), "", Instant.now()).value());
    assertRefused("path_segments[1].token: aud [spiffe://test/x]", 1);
  }

  @Test
  void aRefreshThatIsRefused_leavesWhatWasEstablished() throws Exception {
    server.token = first -> token(nse.getX509Svid(), CLIENT, Instant.now()).value();
    io.vl3.connection.Connection up = request();
    server.token = first -> token(mallory.getX509Svid(), CLIENT, Instant.now()).value();
    assertThat(failure().reason()).isEqualTo(Reason.DENIED);
    assertThat(server.closed).isEmpty();
    assertThat(client.connections()).containsExactly(up.withoutProofs());
  }

  /** As servers of the reference do, which sign with the key of now on older connections too. */
  @Test
  void aServerWhoseKeyWasRotated_isBelieved_onceANewConnectionHasShownIt() throws Exception {
    server.token = first -> token(nse.getX509Svid(), CLIENT, Instant.now()).value();
    var unused = request();
    nse.rotate();
    assertThat(request().path().segments()).hasSize(2);
    assertThat(server.asked).hasSize(3);
    assertThat(request().path().segments()).hasSize(2);
    assertThat(server.asked).hasSize(4);
    assertThat(server.closed).isEmpty();
  }

  private void assertRefused(String why, int calls) {
    EndpointException failure = failure();
    assertThat(failure.reason()).isEqualTo(Reason.DENIED);
    assertThat(failure)
        .hasMessageContaining("no sufficient privileges")
        .hasMessageContaining(why)
        .hasMessageContaining("[server spiffe://test/nse]");
    assertThat(server.asked).hasSize(calls);
    assertThat(server.closed).containsExactly("c");
    assertThat(client.size()).isZero();
  }

  private EndpointException failure() {
    return catchThrowableOfType(EndpointException.class, this::request);
  }

  private io.vl3.connection.Connection request() throws EndpointException {
    return client.request(
        ConnectionRequest.of(
            io.vl3.connection.Connection.to("vl3").toBuilder().id(new ConnectionId("c")).build()),
        Caller.SELF,
        Deadline.after(LIFE, transport.timer()));
  }

  /** A token as its owner would have made it at some time. */
  private static Token token(X509Svid svid, String audience, Instant made) {
    FakeTimer timer = new FakeTimer();
    timer.advance(Duration.between(timer.instant(), made));
    return new SvidTokens(timer, LIFE).token(svid, Optional.of(audience));
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A server that answers with whatever token it is told to. */
  private static final class Answering extends NetworkServiceGrpc.NetworkServiceImplBase {

    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<String> closed = new CopyOnWriteArrayList<>();
    volatile Function<String, String> token = first -> "";
    volatile Optional<String> behind = Optional.empty();
    volatile boolean joins = true;

    @Override
    public void request(NetworkServiceRequest request, StreamObserver<Connection> observer) {
      Connection.Builder answer = request.getConnection().toBuilder();
      asked.add(answer.getId());
      Path.Builder path = answer.getPathBuilder();
      String callers = path.getPathSegments(0).getToken();
      while (path.getPathSegmentsCount() > 1) {
        path.removePathSegments(1);
      }
      if (joins) {
        path.addPathSegments(segment("nse", token.apply(callers)));
      }
      behind.ifPresent(last -> path.addPathSegments(segment("behind", last)));
      observer.onNext(answer.build());
      observer.onCompleted();
    }

    @Override
    public void close(Connection connection, StreamObserver<Empty> observer) {
      closed.add(connection.getId());
      observer.onNext(Empty.getDefaultInstance());
      observer.onCompleted();
    }

    private static PathSegment segment(String name, String token) {
      PathSegment.Builder segment = PathSegment.newBuilder().setName(name).setId("there");
      return token.isEmpty()
          ? segment.build()
          : segment
              .setToken(token)
              .setExpires(Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond() + 60))
              .build();
    }
  }
}
