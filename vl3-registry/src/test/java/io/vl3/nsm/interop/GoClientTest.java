package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.connection.Connection;
import io.vl3.api.connection.ConnectionEvent;
import io.vl3.api.connection.MonitorScopeSelector;
import io.vl3.api.connection.PathSegment;
import io.vl3.api.connection.State;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.nsm.Eventually;
import io.vl3.registry.EndpointRecord;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Go client, Go manager, our endpoint. */
@RequiresGo
class GoClientTest {

  private GoMesh mesh;
  private OwnNse nse;

  @BeforeEach
  void start() throws Exception {
    mesh = GoMesh.start();
    nse = OwnNse.start(mesh, "own", List.of("10.0.0.0/24"), List.of("10.0.0.0/16"));
  }

  @AfterEach
  void stop() throws Exception {
    mesh.close();
  }

  @Test
  void request_thenTenRefreshes_changeNothing() throws Exception {
    GoPeer client = mesh.client("nsc");

    Connection first = request(client, Asked.first("nsc-1"));

    assertThat(Asked.lines(first))
        .containsExactly(
            "src 10.0.0.1/32",
            "dst 10.0.0.0/32",
            "src_route 10.0.0.0/32 via 10.0.0.0",
            "src_route 10.0.0.0/24 via 10.0.0.0",
            "src_route 10.0.0.0/16 via 10.0.0.0",
            "dst_route 10.0.0.1/32 via ");
    assertThat(first.getNetworkServiceEndpointName()).isEqualTo("own");
    Connection last = first;
    for (int i = 0; i < 10; i++) {
      last = request(client, Asked.again(last));
    }
    assertThat(Asked.lines(last)).isEqualTo(Asked.lines(first));
    assertThat(last.getPath().getPathSegmentsList())
        .hasSameSizeAs(first.getPath().getPathSegmentsList());
    assertThat(nse.server.connections()).hasSize(1);
  }

  @Test
  void close_freesTheAddressForTheNextClient() throws Exception {
    GoPeer client = mesh.client("nsc");
    Connection first = request(client, Asked.first("nsc-1"));
    Connection second = request(client, Asked.first("nsc-2"));

    client.ask("close", first, "");

    assertThat(nse.server.connections()).hasSize(1);
    Connection third = request(client, Asked.first("nsc-3"));
    assertThat(third.getContext().getIpContext().getSrcIpAddrsList())
        .isEqualTo(first.getContext().getIpContext().getSrcIpAddrsList())
        .isNotEqualTo(second.getContext().getIpContext().getSrcIpAddrsList());
  }

  @Test
  void monitors_seeTheConnectionAtEveryHop() throws Exception {
    GoPeer client = mesh.client("nsc");
    Connection up = request(client, Asked.first("nsc-1"));
    client.ask("monitor", selectorOf(up, 0), mesh.managerUrl());
    PathSegment own = up.getPath().getPathSegments(up.getPath().getPathSegmentsCount() - 1);
    assertThat(own.getName()).isEqualTo("own");

    assertThat(connectionsOf(client.await("monitored", "INITIAL_STATE_TRANSFER")))
        .extracting(Connection::getState)
        .containsExactly(State.UP);
    client.ask("monitor", selectorOf(up, 3), mesh.urlFor("own").toString());
    assertThat(connectionsOf(client.await("monitored", "INITIAL_STATE_TRANSFER")))
        .extracting(Asked::lines)
        .containsExactly(Asked.lines(up));
    client.ask("monitor", unknown(), mesh.urlFor("own").toString());
    assertThat(connectionsOf(client.await("monitored", "INITIAL_STATE_TRANSFER"))).isEmpty();

    client.ask("close", up, "");

    client.await("monitored", "DELETE");
    client.await("monitored", "DELETE");
  }

  @Test
  void aClientThatDoesNotRefresh_isClosedWhenItsTokenExpires() throws Exception {
    GoPeer client = mesh.client("nsc", "-heal=false", "-refresh=false", "-token-lifetime", "3s");
    assertServedByUs(retried(client, Asked.first("nsc-1")));

    Eventually.until("closed once the token has expired", () -> nse.server.connections().isEmpty());
  }

  @Test
  void aCallerThatDies_isExpiredByUs() throws Exception {
    String nseUrl = mesh.urlFor("own").toString();
    GoPeer caller = mesh.clientOf(nseUrl, "fwd", "-heal=false", "-token-lifetime", "3s");
    assertServedByUs(retried(caller, Asked.first("nsc-1")));

    caller.kill();

    Eventually.until("closed once the token has expired", () -> nse.server.connections().isEmpty());
  }

  @Test
  void aManagerThatRestarts_getsRegistrationAndConnectionBack() throws Exception {
    GoPeer client = mesh.client("nsc");
    Connection before = request(client, Asked.first("nsc-1"));
    client.forget();
    EndpointRecord granted = nse.server.registration();

    mesh.restartManager();

    Connection after =
        client
            .await(
                "the healed connection",
                line ->
                    line.event().equals("established")
                        && !line.message(Connection.parser()).equals(before))
            .message(Connection.parser());
    assertThat(after.getNetworkServiceEndpointName()).isEqualTo("own");
    assertThat(Asked.lines(after)).isEqualTo(Asked.lines(before));
    // It knows no way but to those that registered since its start.
    assertThat(nse.server.registration().registered()).isEqualTo(granted.registered());
  }

  @Test
  void aRegistryThatForgets_isToldAgain_withTheFirstRegistrationTime() throws Exception {
    var before = nse.server.registration().registered();
    assertThat(before).isPresent();

    mesh.restartRegistry();
    mesh.restartManager();

    GoPeer client = mesh.client("nsc");
    Connection up = retried(client, Asked.first("nsc-1"));
    assertThat(up.getNetworkServiceEndpointName()).isEqualTo("own");
    assertThat(nse.server.registration().registered()).isEqualTo(before);
  }

  @Test
  void theLeastMtu_isToldToAll_andRisesAgain() throws Exception {
    GoPeer client = mesh.client("nsc");
    request(client, withMtu("wide", 1500));
    client.forget();

    Connection narrow = request(client, withMtu("narrow", 1400));

    awaitMtu(client, "wide", 1400);
    assertThat(narrow.getContext().getMTU()).isEqualTo(1400);
    client.ask("close", narrow, "");
    awaitMtu(client, "wide", 1500);
  }

  private static NetworkServiceRequest withMtu(String id, int mtu) {
    NetworkServiceRequest.Builder request = Asked.first(id).toBuilder();
    request.getConnectionBuilder().getContextBuilder().setMTU(mtu);
    return request.build();
  }

  private static void awaitMtu(GoPeer client, String id, int mtu) {
    client.await(
        id + " with MTU " + mtu,
        line ->
            line.event().equals("established")
                && line.connection().getId().equals(id)
                && line.connection().getContext().getMTU() == mtu);
  }

  /** What was granted was there: a short-lived one may have expired before anybody looks. */
  private static void assertServedByUs(Connection granted) {
    assertThat(granted.getPath().getPathSegmentsList())
        .last()
        .extracting(PathSegment::getName)
        .isEqualTo("own");
  }

  /** Asks until it is granted: while what it needs comes back, or a short-lived token is fresh. */
  private static Connection retried(GoPeer client, NetworkServiceRequest request) throws Exception {
    AtomicReference<Connection> granted = new AtomicReference<>();
    Eventually.until(
        "granted",
        () -> {
          try {
            granted.set(request(client, request));
            return true;
          } catch (GoPeer.Refused notYet) {
            return false;
          }
        });
    return granted.get();
  }

  private static MonitorScopeSelector selectorOf(Connection connection, int place) {
    PathSegment segment = connection.getPath().getPathSegments(place);
    return MonitorScopeSelector.newBuilder()
        .addPathSegments(PathSegment.newBuilder().setId(segment.getId()).setName(segment.getName()))
        .build();
  }

  private static MonitorScopeSelector unknown() {
    return MonitorScopeSelector.newBuilder()
        .addPathSegments(PathSegment.newBuilder().setId("nobody"))
        .build();
  }

  private static Collection<Connection> connectionsOf(GoPeer.Line line) {
    return line.message(ConnectionEvent.parser()).getConnectionsMap().values();
  }

  private static Connection request(GoPeer client, NetworkServiceRequest request) throws Exception {
    return client.ask("request", request, "").message(Connection.parser());
  }
}
