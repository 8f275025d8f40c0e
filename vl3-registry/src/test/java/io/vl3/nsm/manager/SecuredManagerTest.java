package io.vl3.nsm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.element.ConnectionBoard;
import io.vl3.endpoint.element.OfferKernelInterface;
import io.vl3.endpoint.element.PublishConnection;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NseServer;
import io.vl3.nsm.NsmClient;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.junit.MemoryDataPlane;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.transport.TestTransport;
import io.vl3.transport.TransportUrl;
import io.vl3.transport.identity.TestAuthority;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Client, manager and endpoint, each with an SVID of its own, over TLS on unix sockets. */
class SecuredManagerTest {

  private static final Duration LIFE = Duration.ofMinutes(10);

  private final TestAuthority authority = new TestAuthority("test");
  private final TestAuthority.Source managers = authority.source("/manager");
  private final TestAuthority.Source nses = authority.source("/nse");
  private final TestAuthority.Source clients = authority.source("/client");
  private TestTransport transport;
  private TransportUrl.Unix url;
  private EmbeddedManager manager;
  private ManagerAccess nseAccess;
  private NseServer nse;

  @BeforeEach
  void start() throws Exception {
    transport = new TestTransport();
    url = transport.unix("nsm.sock");
    manager =
        EmbeddedManager.builder(runtime(managers), new MemoryDataPlane()).listenOn(url).start();
    nseAccess = access(nses);
    nse = nse();
    var unused = nse.registered().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    nse.close();
    nseAccess.close();
    manager.close();
    transport.close();
  }

  @Test
  void aConnection_isMadeRefreshedAndClosed_withChainedTokens() throws Exception {
    try (ManagerAccess access = access(clients);
        NsmClient client = NsmClient.builder(runtime(clients), access, "w").build()) {
      Connection answer = client.request(request());
      assertThat(answer.path().segments())
          .extracting(s -> s.name())
          .containsExactly("w", "nsm", "nse");
      assertThat(client.request(request().withConnection(answer)).ip()).isEqualTo(answer.ip());
      client.close(answer);
      assertThat(manager.connections()).isEmpty();
      assertThat(nse.connections()).isEmpty();
    }
  }

  @Test
  void everybodysSvid_rotates_whileTheConnectionLives() throws Exception {
    try (ManagerAccess access = access(clients);
        NsmClient client = NsmClient.builder(runtime(clients), access, "w").build()) {
      Connection connection = client.request(request());
      for (TestAuthority.Source each : List.of(managers, nses, clients, managers)) {
        each.rotate();
        for (int i = 0; i < 3; i++) {
          connection = client.request(request().withConnection(connection));
        }
      }
      assertThat(manager.connections()).hasSize(1);
      client.close(connection);
    }
  }

  /** The manager watches the endpoint, and the client the manager, each naming what it owns. */
  @Test
  void whatTheEndpointEnds_isHealed() throws Exception {
    try (ManagerAccess access = access(clients);
        NsmClient client = NsmClient.builder(runtime(clients), access, "w").build()) {
      client.request(request());
      ConnectionId there = nse.connections().get(0).requireId();
      AtomicInteger closed = new AtomicInteger();
      nse.runner().handle(there).close("the test wants it").thenRun(closed::incrementAndGet);
      Eventually.until("closed", () -> closed.get() == 1);
      Eventually.until("healed", () -> nse.connections().size() == 1);
      assertThat(client.connections()).hasSize(1);
    }
  }

  @Test
  void aTakenName_isDeniedToAnotherIdentity() throws Exception {
    try (ManagerAccess access = access(clients)) {
      EndpointRecord asked = EndpointRecord.of("nse", "svc", Map.of(), "tcp://127.0.0.1:1");
      EndpointException failure =
          catchThrowableOfType(EndpointException.class, () -> access.registry().register(asked));
      assertThat(failure.reason()).isEqualTo(Reason.DENIED);
      assertThat(failure).hasMessageContaining("belongs to spiffe://test/nse");
      assertThat(
              catchThrowableOfType(
                      EndpointException.class, () -> access.registry().unregister(asked))
                  .reason())
          .isEqualTo(Reason.DENIED);
    }
  }

  @Test
  void aNetworkServiceOfAnother_isNeitherChangedNorRemoved() throws Exception {
    try (ManagerAccess access = access(clients)) {
      assertServiceIsDenied(
          () -> access.registry().registerService(NetworkServiceRecord.of("svc")));
      assertServiceIsDenied(() -> access.registry().unregisterService("svc"));
      assertThat(manager.registry().findService("svc")).isPresent();
      nseAccess.registry().unregisterService("svc");
      assertThat(access.registry().registerService(NetworkServiceRecord.of("svc")).name())
          .isEqualTo("svc");
    }
  }

  private static void assertServiceIsDenied(ThrowingCallable call) {
    EndpointException failure = catchThrowableOfType(EndpointException.class, call);
    assertThat(failure.reason()).isEqualTo(Reason.DENIED);
    assertThat(failure)
        .hasMessageContaining("no sufficient privileges: it belongs to spiffe://test/nse");
  }

  @Test
  void theRegistration_belongsToTheSpiffeId_andTellsThatItCameByTheManager() throws Exception {
    assertThat(nse.registration().owners())
        .containsExactly("spiffe://test/nse", "spiffe://test/manager");
  }

  private NseServer nse() throws Exception {
    NsmRuntime runtime = runtime(nses);
    ConnectionBoard board = new ConnectionBoard(runtime.executor(), 100);
    EndpointChain chain =
        EndpointChain.of(
            "nse",
            new UpdatePath("nse", runtime.tokens("nse", LIFE), ConnectionId::random),
            PublishConnection.on(board),
            new OfferKernelInterface("file:///run/netns/nse", "e"));
    return NseServer.builder(runtime, "nse", nseAccess.registry(), transport.unix("nse"), chain)
        .service("svc", Map.of())
        .register(NetworkServiceRecord.of("svc"))
        .monitor(board)
        .start();
  }

  private NsmRuntime runtime(TestAuthority.Source who) {
    return NsmRuntime.of(
        transport.timer(), transport.executor(), transport.secured(who), new Random(1));
  }

  private ManagerAccess access(TestAuthority.Source who) throws Exception {
    NsmRuntime runtime = runtime(who);
    return ManagerAccess.open(runtime, url.toString(), runtime.tokens("x", LIFE));
  }

  private static ConnectionRequest request() {
    return new ConnectionRequest(
        Connection.to("svc"),
        List.of(
            Mechanism.local(
                Mechanism.KERNEL, Map.of(Mechanism.INODE_URL, "file:///run/netns/workload"))));
  }
}
