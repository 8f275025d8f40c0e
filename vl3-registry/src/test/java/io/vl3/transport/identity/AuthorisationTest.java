package io.vl3.transport.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Timestamp;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.spiffe.svid.x509svid.X509Svid;
import io.vl3.api.connection.Connection;
import io.vl3.api.connection.ConnectionEvent;
import io.vl3.api.connection.MonitorConnectionGrpc;
import io.vl3.api.connection.MonitorScopeSelector;
import io.vl3.api.connection.Path;
import io.vl3.api.connection.PathSegment;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceGrpc.NetworkServiceBlockingStub;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.connection.MonitorSelector;
import io.vl3.connection.Token;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.element.ConnectionBoard;
import io.vl3.endpoint.element.PublishConnection;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.CallGuard;
import io.vl3.grpc.internal.CallerKey;
import io.vl3.grpc.internal.MonitorServer;
import io.vl3.grpc.internal.NetworkServiceServer;
import io.vl3.grpc.internal.TokenHeaders;
import io.vl3.nsm.Eventually;
import io.vl3.time.FakeTimer;
import io.vl3.transport.TestTransport;
import io.vl3.transport.TransportUrl;
import io.vl3.transport.internal.unix.UnixChannel;
import java.net.UnixDomainSocketAddress;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what over TLS, and what the others are told. */
class AuthorisationTest {

  private static final Duration LIFE = Duration.ofMinutes(1);

  private final TestAuthority authority = new TestAuthority("test");
  private final TestAuthority.Source nse = authority.source("/nse");
  private final TestAuthority.Source alice = authority.source("/alice");
  private final TestAuthority.Source mallory = authority.source("/mallory");
  private final List<X509Certificate> seen = new CopyOnWriteArrayList<>();
  private TestTransport transport;
  private TransportUrl.Unix url;
  private EndpointRunner runner;

  @BeforeEach
  void serve() throws Exception {
    transport = new TestTransport();
    url = transport.unix("nse");
    ConnectionBoard board = new ConnectionBoard(transport.executor(), 100);
    runner =
        new EndpointRunner(
            PublishConnection.on(board), transport.executor(), transport.timer(), LIFE);
    Tls tls = transport.tls(nse);
    transport.start(
        url,
        transport.options().withTls(tls),
        new NetworkServiceServer(
            runner, transport.executor(), transport.timer(), LIFE, remembering(tls.guard())),
        MonitorServer.ofOwned(board, runner, tls.guard()));
  }

  @AfterEach
  void stop() throws Exception {
    transport.close();
  }

  @Test
  void aRequestWithTheCallersToken_passes_andBelongsToItsId() throws Exception {
    assertThat(stub(alice).request(request("c"))).isNotNull();
    assertThat(runner.owner(new io.vl3.connection.ConnectionId("c")))
        .contains(new io.vl3.connection.Caller("spiffe://test/alice"));
  }

  @Test
  void aCertificateOfAnotherAuthority_isNotLetIn() throws Exception {
    TestAuthority other = new TestAuthority("test");
    assertThat(refused(() -> stub(other.source("/alice")).request(request("c"))))
        .isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void anExpiredCertificate_isNotLetIn() throws Exception {
    alice.set(authority.issue("/alice", Duration.ofSeconds(-1)));
    assertThat(refused(() -> stub(alice).request(request("c")))).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void aCertificateThatIsNoWorkloads_isNotLetIn() throws Exception {
    alice.set(authority.forge("/alice", true));
    assertThat(refused(() -> stub(alice).request(request("c")))).isEqualTo(Status.Code.UNAVAILABLE);
    alice.set(authority.forge("", false));
    assertThat(refused(() -> stub(alice).request(request("c")))).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void aServerWithAnAuthoritysCertificate_isNotBelieved() throws Exception {
    nse.set(authority.forge("/nse", true));
    assertThat(refused(() -> stub(alice).request(request("c")))).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void aTokenThatOutlivesItsCertificate_isDenied() throws Exception {
    Instant end = alice.getX509Svid().getLeaf().getNotAfter().toInstant().plusSeconds(1);
    JWSObject signed =
        new JWSObject(
            new JWSHeader(JWSAlgorithm.ES256),
            new Payload(
                Map.of(
                    "sub",
                    "spiffe://test/alice",
                    "aud",
                    List.of("spiffe://test/nse"),
                    "exp",
                    end.getEpochSecond())));
    signed.sign(new ECDSASigner((ECPrivateKey) alice.getX509Svid().getPrivateKey()));
    Token late = new Token(signed.serialize(), end);
    StatusRuntimeException failure = failure(() -> withToken(alice, late).request(request("c")));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(failure).hasMessageContaining("the end of its certificate");
  }

  @Test
  void aPlainCaller_isNotLetIn() throws Exception {
    var plain = NetworkServiceGrpc.newBlockingStub(transport.open(url, transport.options()));
    assertThat(refused(() -> plain.request(request("c")))).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void aTokenThatHasExpired_isDenied() throws Exception {
    Token old = token(alice.getX509Svid(), "spiffe://test/nse", Instant.now().minusSeconds(120));
    StatusRuntimeException failure = failure(() -> withToken(alice, old).request(request("c")));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(failure)
        .hasMessageContaining("no sufficient privileges")
        .hasMessageContaining("expired");
    assertThat(failure.getMessage()).doesNotContain(old.value());
  }

  @Test
  void theTokenOfAnother_isDenied() throws Exception {
    Token alices = token(alice.getX509Svid(), "spiffe://test/nse", Instant.now());
    StatusRuntimeException failure =
        failure(() -> withToken(mallory, alices).request(request("c")));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(failure).hasMessageContaining("signed by another");
  }

  @Test
  void aTokenInOthersName_isDenied() throws Exception {
    X509Svid forged = authority.issue("/alice", Duration.ofHours(1));
    Token signedByAnotherKey = token(forged, "spiffe://test/nse", Instant.now());
    assertThat(refused(() -> withToken(alice, signedByAnotherKey).request(request("c"))))
        .isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  @Test
  void aTokenForAnother_isDenied() throws Exception {
    Token elsewhere = token(alice.getX509Svid(), "spiffe://test/elsewhere", Instant.now());
    StatusRuntimeException failure =
        failure(() -> withToken(alice, elsewhere).request(request("c")));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(failure).hasMessageContaining("aud [spiffe://test/elsewhere]");
  }

  @Test
  void noToken_isDenied() throws Exception {
    assertThat(refused(() -> raw(alice).request(request("c"))))
        .isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  /** The first segment's token must be meant for the second component, and be alive. */
  @ParameterizedTest
  @ValueSource(strings = {"chained", "broken", "expired", "none"})
  void tokensOfTheWholePath_areJudged(String how) throws Exception {
    Instant made = how.equals("expired") ? Instant.now().minusSeconds(120) : Instant.now();
    String audience = how.equals("broken") ? "spiffe://test/x" : "spiffe://test/alice";
    Token first = token(mallory.getX509Svid(), audience, made);
    PathSegment.Builder client = PathSegment.newBuilder().setName("client").setId("c0");
    if (!how.equals("none")) {
      client.setToken(first.value()).setExpires(time(first.expires()));
    }
    NetworkServiceRequest request =
        request(
            "c",
            Path.newBuilder()
                .setIndex(1)
                .addPathSegments(client)
                .addPathSegments(PathSegment.newBuilder().setName("manager").setId("c"))
                .build());
    if (how.equals("chained")) {
      assertThat(stub(alice).request(request)).isNotNull();
    } else {
      assertThat(refused(() -> stub(alice).request(request)))
          .isEqualTo(Status.Code.PERMISSION_DENIED);
    }
  }

  @Test
  void theCloseOfAnother_isDenied_andChangesNothing() throws Exception {
    Connection mine = stub(alice).request(request("c"));
    StatusRuntimeException failure = failure(() -> stub(mallory).close(mine));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(runner.size()).isEqualTo(1);
    assertThat(stub(alice).close(mine)).isNotNull();
    assertThat(runner.size()).isZero();
  }

  @Test
  void aCloseWithoutToken_isDenied() throws Exception {
    Connection mine = stub(alice).request(request("c"));
    Connection bare = request("c").getConnection();
    assertThat(refused(() -> raw(alice).close(bare))).isEqualTo(Status.Code.PERMISSION_DENIED);
    stub(alice).close(mine);
  }

  @Test
  void theMonitorOfAnother_isDenied() throws Exception {
    stub(alice).request(request("c"));
    MonitorScopeSelector selector = selector("c");
    Iterator<?> own = monitor(alice, selector);
    assertThat(own.next()).isNotNull();
    StatusRuntimeException failure = failure(() -> monitor(mallory, selector).next());
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(failure).hasMessageContaining("a connection of your own");
  }

  /** As NSM's own client asks, before its first request. */
  @Test
  void theMonitorOfAConnectionThatIsNotThereYet_showsItLater() throws Exception {
    Iterator<ConnectionEvent> early = monitor(alice, selector("c"));
    assertThat(early.next().getConnectionsMap()).isEmpty();
    Iterator<ConnectionEvent> others = monitor(mallory, selector("c"));
    assertThat(others.next().getConnectionsMap()).isEmpty();
    Connection mine = stub(alice).request(request("c"));
    assertThat(early.next().getConnectionsMap()).containsKey("c");
    stub(alice).close(mine);
    NetworkServiceRequest.Builder mallorys = request("c").toBuilder();
    mallorys.getConnectionBuilder().setNetworkService("mallorys");
    stub(mallory).request(mallorys.build());
    assertThat(others.next().getConnectionsMap().values())
        .as("the first that is shown to it")
        .extracting(Connection::getNetworkService)
        .containsExactly("mallorys");
  }

  private static MonitorScopeSelector selector(String id) {
    return MonitorScopeSelector.newBuilder()
        .addPathSegments(PathSegment.newBuilder().setId(id))
        .build();
  }

  @Test
  void aRotation_leavesLiveConnectionsServed_andReachesNewOnes() throws Exception {
    NetworkServiceBlockingStub live = stub(alice);
    live.request(request("c"));
    X509Svid before = alice.getX509Svid();
    alice.rotate();
    nse.rotate();
    // Tokens are still signed by the key of the handshake that the server remembers.
    assertThat(live.request(request("c"))).isNotNull();
    assertThat(seen).containsExactly(before.getLeaf(), before.getLeaf());
    // The next call shows the server the new certificate.
    Eventually.until(
        "moved on",
        () -> {
          live.request(request("c"));
          return seen.contains(alice.getX509Svid().getLeaf());
        });
    assertThat(stub(alice).request(request("c"))).isNotNull();
  }

  private CallGuard remembering(CallGuard guard) {
    return new CallGuard() {
      @Override
      public void checkPath(io.vl3.connection.Path arrived) throws EndpointException {
        guard.checkPath(arrived);
        TlsPeer.of(CallerKey.currentAttribute(Grpc.TRANSPORT_ATTR_SSL_SESSION))
            .ifPresent(peer -> seen.add(peer.certificate()));
      }

      @Override
      public void checkMonitor(MonitorSelector selector, EndpointRunner asked) {}
    };
  }

  private NetworkServiceBlockingStub stub(TestAuthority.Source who) throws Exception {
    return NetworkServiceGrpc.newBlockingStub(transport.open(url, transport.secured(who)));
  }

  /** Calls with TLS, but with no token that the call does not bring itself. */
  private NetworkServiceBlockingStub raw(TestAuthority.Source who) {
    return NetworkServiceGrpc.newBlockingStub(bare(who));
  }

  private NetworkServiceBlockingStub withToken(TestAuthority.Source who, Token token) {
    Metadata headers = new Metadata();
    TokenHeaders.put(headers, token);
    Channel channel =
        ClientInterceptors.intercept(bare(who), MetadataUtils.newAttachHeadersInterceptor(headers));
    return NetworkServiceGrpc.newBlockingStub(channel);
  }

  private ManagedChannel bare(TestAuthority.Source who) {
    return transport.closing(
        NettyChannelBuilder.forAddress(
                UnixDomainSocketAddress.of(url.path()), transport.tls(who).channelCredentials())
            .channelFactory(UnixChannel::new)
            .overrideAuthority("localhost")
            .eventLoopGroup(transport.io().group())
            .build());
  }

  private Iterator<ConnectionEvent> monitor(TestAuthority.Source who, MonitorScopeSelector selector)
      throws Exception {
    return MonitorConnectionGrpc.newBlockingStub(transport.open(url, transport.secured(who)))
        .monitorConnections(selector);
  }

  /** A token as its owner would have made it at some time. */
  private static Token token(X509Svid svid, String audience, Instant made) {
    FakeTimer timer = new FakeTimer();
    timer.advance(Duration.between(timer.instant(), made));
    return new SvidTokens(timer, LIFE).token(svid, Optional.of(audience));
  }

  private static NetworkServiceRequest request(String id) {
    return request(
        id,
        Path.newBuilder()
            .addPathSegments(PathSegment.newBuilder().setName("client").setId(id))
            .build());
  }

  private static NetworkServiceRequest request(String id, Path path) {
    return NetworkServiceRequest.newBuilder()
        .setConnection(Connection.newBuilder().setId(id).setNetworkService("vl3").setPath(path))
        .build();
  }

  private static Timestamp time(Instant instant) {
    return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).build();
  }

  private static StatusRuntimeException failure(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call);
  }

  private static Status.Code refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return failure(call).getStatus().getCode();
  }
}
