package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.connection.Connection;
import io.vl3.mesh.Dialler;
import io.vl3.mesh.PeerState;
import io.vl3.mesh.PeerStatus;
import io.vl3.nsm.Eventually;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Our endpoint and NSM's own vL3 in one network. */
@RequiresGo
class GoVl3Test {

  private static final String FIRST = "10.0.0.0/24,2001:db8::/112";
  private static final String SECOND = "10.0.1.0/24,2001:db8::1:0/112";
  private static final List<String> POOLS = List.of("10.0.0.0/16", "2001:db8::/64");

  private GoMesh mesh;

  @BeforeEach
  void start() throws Exception {
    mesh = GoMesh.start();
  }

  @AfterEach
  void stop() throws Exception {
    mesh.close();
  }

  @Test
  void peersAndClients_areGivenWhatTwoOfTheReferenceGiveEachOther() throws Exception {
    GoPeer first = mesh.endpoint("go-first", FIRST);
    GoPeer second = mesh.endpoint("go-second", SECOND);
    List<String> between = Asked.lines(second.await("dialled", "go-first").connection());
    GoPeer client = mesh.client("nsc", "-heal=false");
    List<String> workload = answer(client, "nsc-1", "go-first");

    // The first is ours, and the reference dials.
    second.close();
    first.close();
    OwnNse own = OwnNse.start(mesh, "own-first", List.of(FIRST.split(",")), POOLS);
    GoPeer dials = mesh.endpoint("go-dials", SECOND);
    assertThat(Asked.lines(dials.await("dialled", "own-first").connection())).isEqualTo(between);
    answer(client, "nsc-2", "own-first"); // as the reference's own request takes the first address
    assertThat(answer(client, "nsc-3", "own-first")).isEqualTo(workload);
    Eventually.until("up", () -> states(own).equals(List.of(PeerState.UP)));

    // The second is ours, and dials the reference.
    dials.close();
    own.close();
    GoPeer dialled = mesh.endpoint("go-dialled", FIRST);
    OwnNse later = OwnNse.start(mesh, "own-second", List.of(SECOND.split(",")), POOLS);
    assertThat(Asked.lines(servedTo(dialled, "own-second"))).isEqualTo(between);
    Eventually.until("up", () -> states(later).equals(List.of(PeerState.UP)));
    assertThat(dialled.seen("dialled")).isEmpty();
  }

  @Test
  void aWorkloadMovedFromADeadEndpoint_isNew_andNoPeer() throws Exception {
    GoPeer dead = mesh.endpoint("go-dead", "10.0.7.0/24");
    OwnNse own = OwnNse.start(mesh, "own", List.of("10.0.0.0/24"), POOLS.subList(0, 1));
    GoPeer client = mesh.client("nsc");
    Connection before = client.ask("request", Asked.of("nsc-1", "go-dead"), "").connection();
    assertThat(before.getContext().getDnsContext().getConfigsList()).isNotEmpty();
    Eventually.until("linked", () -> states(own).equals(List.of(PeerState.UP)));
    client.forget();

    dead.kill();

    Connection moved =
        client
            .await(
                "the connection at ours",
                line -> line.event().equals("established") && line.text().equals("own"))
            .connection();
    assertThat(Asked.lines(moved))
        .containsExactly(
            "src 10.0.0.1/32",
            "dst 10.0.0.0/32",
            "src_route 10.0.0.0/32 via 10.0.0.0",
            "src_route 10.0.0.0/24 via 10.0.0.0",
            "src_route 10.0.0.0/16 via 10.0.0.0",
            "dst_route 10.0.0.1/32 via ");
    assertThat(moved.getContext().getDnsContext().getConfigsList())
        .isEqualTo(before.getContext().getDnsContext().getConfigsList());
  }

  @Test
  void aRegistryThatForgets_doesNotTurnAroundWhoDials() throws Exception {
    OwnNse own = OwnNse.start(mesh, "own", List.of("10.0.0.0/24"), POOLS);
    GoPeer later = mesh.endpoint("go-later", "10.0.1.0/24");
    later.await("dialled", "own");
    Eventually.until("linked", () -> states(own).equals(List.of(PeerState.UP)));
    later.forget();
    Instant ownTime = own.server.registration().registered().orElseThrow();

    mesh.restartRegistry();
    mesh.restartManager();

    later.await("established", "own");
    Eventually.until(
        "linked again, by the later",
        () ->
            own.mesh.status().stream()
                .map(PeerStatus::dialler)
                .toList()
                .equals(List.of(Dialler.PEER)));
    assertThat(own.server.registration().registered()).contains(ownTime);
    assertThat(own.mesh.status()).hasSize(1);
  }

  private static List<PeerState> states(OwnNse nse) {
    return nse.mesh.status().stream().map(status -> status.state()).toList();
  }

  private static Connection servedTo(GoPeer endpoint, String caller) {
    return endpoint
        .await(
            "served to " + caller,
            line ->
                line.event().equals("served")
                    && Optional.of(line.connection())
                        .filter(c -> c.getPath().getPathSegments(0).getName().equals(caller))
                        .isPresent())
        .connection();
  }

  private static List<String> answer(GoPeer client, String id, String endpoint) throws Exception {
    return Asked.lines(client.ask("request", Asked.of(id, endpoint), "").connection());
  }
}
