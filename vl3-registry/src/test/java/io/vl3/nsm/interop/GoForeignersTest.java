package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vl3.api.connection.Connection;
import io.vl3.api.networkservice.NetworkServiceGrpc;
import io.vl3.api.networkservice.NetworkServiceGrpc.NetworkServiceBlockingStub;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.failure.EndpointException;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.junit.MemoryDataPlane;
import io.vl3.nsm.manager.EmbeddedManager;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.Registry;
import io.vl3.transport.GrpcChannels;
import io.vl3.transport.TransportUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What belongs to one identity, asked for by another: refused as by the reference. */
@RequiresGo
class GoForeignersTest {

  private static final String REASON = "no sufficient privileges";
  private static final Duration LIFE = Duration.ofMinutes(10);

  private GoMesh mesh;
  private NsmRuntime foreigner;

  @BeforeEach
  void start() throws Exception {
    mesh = GoMesh.secured();
    foreigner = mesh.runtimeOf("nsc");
  }

  @AfterEach
  void stop() throws Exception {
    mesh.close();
  }

  @Test
  void aForeignClose_isRefusedAsByTheReference() throws Exception {
    GoPeer reference = mesh.endpoint("other", "10.0.1.0/24");
    OwnNse own = OwnNse.start(mesh, "own", List.of("10.0.0.0/24"), List.of("10.0.0.0/16"));
    String token = Forged.jwt("spiffe://test.com/own", Instant.now().plusSeconds(600));

    assertForeignCloseIsDenied("other", Forged.request("victim", token));
    assertThat(reference.seen("left")).isEmpty();
    assertForeignCloseIsDenied("own", Forged.request("victim", token));
    assertThat(own.server.connections()).hasSize(1);
  }

  /** The reference looks at the caller's token, not at who made the connection. */
  @Test
  void aForeignClose_ofWhatCameStraightFromAClient_isRefusedByUsAlone() throws Exception {
    GoPeer reference = mesh.endpoint("other", "10.0.1.0/24");
    OwnNse own = OwnNse.start(mesh, "own", List.of("10.0.0.0/24"), List.of("10.0.0.0/16"));

    NetworkServiceRequest straight = Forged.straight("victim");
    close(foreigner, "other", request("other", straight));
    reference.await("left");
    assertForeignCloseIsDenied("own", straight);
    assertThat(own.server.connections()).hasSize(1);
  }

  @Test
  void aTakenName_isRefusedAsByTheReference() throws Exception {
    TransportUrl ours = mesh.urlFor("own-manager");
    mesh.closing(
        EmbeddedManager.builder(mesh.runtime(), new MemoryDataPlane()).listenOn(ours).start());

    EndpointException theirs = foreignRegistration(mesh.urlFor("registry"));
    EndpointException refused = foreignRegistration(ours);

    assertThat(refused.reason()).isEqualTo(theirs.reason());
    assertThat(theirs).hasMessageContaining(REASON);
    assertThat(refused).hasMessageContaining(REASON);
    assertThat(foreignRemoval(ours).reason())
        .isEqualTo(foreignRemoval(mesh.urlFor("registry")).reason());
  }

  /** Between two of ours, through the reference's manager and forwarder. */
  @Test
  void anotherIdentityThatSaysItIsAPeer_isRefused() throws Exception {
    OwnNse own = OwnNse.start(mesh, "own", List.of("10.0.0.0/24"), List.of("10.0.0.0/16"));
    OwnNse other = peerWithItsOwnIdentity("other", "10.0.1.0/24");
    Eventually.until("linked", () -> own.isUp("other") && other.isUp("own"));
    Liar liar = new Liar(foreigner, mesh.managerUrl());

    assertThatThrownBy(() -> liar.request("other", "10.0.1.0/24", "own"))
        .hasMessageContaining(
            "peer other: spiffe://test.com/nsc (expected: who holds the registration, spiffe://test.com/other)");
    assertThatThrownBy(
            () ->
                liar.passOn(
                    "other",
                    "10.0.1.0/24",
                    "own",
                    "spiffe://test.com/other",
                    "spiffe://test.com/nsc"))
        .hasMessageContaining(
            "peer other: through spiffe://test.com/nsc (expected: through who registered it, spiffe://test.com/manager)");
    assertThat(own.isUp("other")).isTrue();
  }

  private OwnNse peerWithItsOwnIdentity(String name, String prefix) throws Exception {
    NsmRuntime runtime = mesh.runtimeOf(name);
    ManagerAccess access =
        mesh.closing(ManagerAccess.open(runtime, mesh.managerUrl(), runtime.tokens(name, LIFE)));
    return mesh.closing(
        new OwnNse(
            runtime,
            access,
            mesh.urlFor(name),
            name,
            new FixedPrefixes(List.of(IpPrefix.parse(prefix))),
            List.of("10.0.0.0/16")));
  }

  /** What the first of NSM's own vL3 endpoints registers, all others are refused. */
  @Test
  void aNetworkServiceOfAnother_isRefusedAsByTheReference_andServedAllTheSame() throws Exception {
    try (GoMesh owning = GoMesh.secured("-owned-services")) {
      owning.endpoint("other", "10.0.1.0/24");
      EndpointException theirs = refusedService(owning, owning.urlFor("registry"));
      assertThat(theirs).hasMessageContaining(REASON);
      assertThat(OwnNse.start(owning, "own", List.of("10.0.0.0/24"), List.of("10.0.0.0/16")))
          .isNotNull();

      TransportUrl ours = owning.urlFor("own-manager");
      owning.closing(
          EmbeddedManager.builder(owning.runtime(), new MemoryDataPlane()).listenOn(ours).start());
      registry(owning.runtimeOf("other"), ours)
          .registerService(NetworkServiceRecord.of(OwnNse.SERVICE));
      EndpointException refused = refusedService(owning, ours);
      assertThat(refused).hasMessageContaining(REASON);
      assertThat(refused.reason()).isEqualTo(theirs.reason());
    }
  }

  private EndpointException refusedService(GoMesh in, TransportUrl url) throws Exception {
    Registry own = registry(in.runtime(), url);
    return catchThrowableOfType(
        EndpointException.class,
        () -> own.registerService(NetworkServiceRecord.of(OwnNse.SERVICE)));
  }

  /** Nobody waits for a peer to fall silent and takes its place. */
  @Test
  void aNameWhoseRegistrationExpired_isRefusedToOthersAsByTheReference() throws Exception {
    try (GoMesh expiring = GoMesh.secured("-expiry", "1s")) {
      TransportUrl ours = expiring.urlFor("own-manager");
      expiring.closing(
          EmbeddedManager.builder(expiring.runtime(), new MemoryDataPlane())
              .registrationLifetime(Duration.ofSeconds(1))
              .listenOn(ours)
              .start());
      EndpointException theirs = afterExpiry(expiring, expiring.urlFor("registry"));
      EndpointException refused = afterExpiry(expiring, ours);
      assertThat(theirs).hasMessageContaining(REASON);
      assertThat(refused).hasMessageContaining(REASON);
      assertThat(refused.reason()).isEqualTo(theirs.reason());
    }
  }

  private EndpointException afterExpiry(GoMesh in, TransportUrl url) throws Exception {
    Registry owners = registry(in.runtime(), url);
    owners.register(record());
    Eventually.until("expired", () -> owners.find(EndpointQuery.ofName(record().name())).isEmpty());
    Registry foreign = registry(in.runtimeOf("nsc"), url);
    return catchThrowableOfType(EndpointException.class, () -> foreign.register(record()));
  }

  private void assertForeignCloseIsDenied(String server, NetworkServiceRequest request)
      throws Exception {
    Connection victim = request(server, request);
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> close(foreigner, server, victim));
    assertThat(refused).as(server).isNotNull();
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(refused).hasMessageContaining(REASON);
  }

  private Connection request(String server, NetworkServiceRequest request) throws Exception {
    return stub(mesh.runtime(), server).request(request);
  }

  private void close(NsmRuntime caller, String server, Connection connection) throws Exception {
    var unused = stub(caller, server).close(connection);
  }

  private NetworkServiceBlockingStub stub(NsmRuntime caller, String server) throws Exception {
    ManagedChannel channel = GrpcChannels.open(mesh.urlFor(server).toString(), caller.transport());
    mesh.closing(() -> channel.shutdownNow());
    return NetworkServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  private EndpointException foreignRegistration(TransportUrl url) throws Exception {
    Registry owners = registry(mesh.runtime(), url);
    owners.registerService(NetworkServiceRecord.of(OwnNse.SERVICE));
    assertThat(owners.register(record()).name()).isEqualTo("taken");
    Registry foreign = registry(foreigner, url);
    return catchThrowableOfType(EndpointException.class, () -> foreign.register(record()));
  }

  private EndpointException foreignRemoval(TransportUrl url) throws Exception {
    Registry foreign = registry(foreigner, url);
    return catchThrowableOfType(EndpointException.class, () -> foreign.unregister(record()));
  }

  private Registry registry(NsmRuntime caller, TransportUrl url) throws Exception {
    return mesh.closing(ManagerAccess.open(caller, url.toString(), caller.tokens("somebody", LIFE)))
        .registry();
  }

  private static EndpointRecord record() {
    return EndpointRecord.of("taken", OwnNse.SERVICE, Map.of(), "tcp://127.0.0.1:1");
  }
}
