package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.failure.EndpointException;
import io.vl3.ipam.AddressingMode;
import io.vl3.vpp.VppInspection.Verdict;
import io.vl3.vpp.VppStatus.State;
import io.vl3.vpp.internal.Item;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes that an agent left in VPP, and that lead over interfaces of ours by now. */
class StaleRoutesTest {

  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Link WEB = SomeLinks.numbered("web", 1, List.of("10.9.0.0/16"));
  private static final Link EAST = SomeLinks.unnumbered("east", "198.18.1.0", "198.18.2.0");

  private final VppRig rig =
      new VppRig(VppSettings.of("nse-a"), AddressingMode.POINT_TO_POINT, "10.60.0.0/16");

  @AfterEach
  void stop() {
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "east", "loopback"})
  void routeThatNobodyTold_isDeleted_overWhicheverInterface(String readable) {
    apply(WEB, EAST);
    String before = rig.state();
    rig.agent.leave(route("10.7.0.1/32", "10.7.0.1", readable));
    rig.agent.leave(route("10.7.0.0/16", "10.7.0.1", readable));
    assertThat(rig.state()).contains("LEFT route 10.7.0.0/16 via 10.7.0.1 over ");
    rig.timer.advance(SOON);
    assertThat(rig.state()).isEqualTo(before);
    assertThat(rig.plane.status().state()).isEqualTo(State.UP);
  }

  @Test
  void agentsThatRestart_leaveNoRouteOverAnybodyElsesLink() {
    Link[] links =
        IntStream.range(0, 12)
            .mapToObj(n -> SomeLinks.numbered("w-" + n, n, List.of("10.9.%d.0/24".formatted(n))))
            .toArray(Link[]::new);
    apply(links);
    apply(EAST);
    String before = rig.state();
    for (int n = 0; n < 3; n++) {
      rig.killAgent();
      assertThat(rig.state()).as("what is left has no interface").isEmpty();
      rig.reviveAgent();
      rig.timer.advance(SOON);
      rig.timer.advance(SOON);
      assertThat(rig.state()).isEqualTo(before);
    }
  }

  @Test
  void routesOverNumbersThatNobodyHas_areDeletedBeforeOthersAreSent() {
    Link[] links =
        IntStream.range(0, 12)
            .mapToObj(n -> SomeLinks.numbered("w-" + n, n, List.of("10.9.%d.0/24".formatted(n))))
            .toArray(Link[]::new);
    apply(links);
    rig.killAgent();
    for (Link link : links) {
      rig.plane.apply(List.of(new LinkChange.Remove(link.key())));
    }
    rig.reviveAgent();
    rig.timer.advance(SOON);
    assertThat(rig.state()).as("no route stays, and no placeholder").isEmpty();
    apply(SomeLinks.numbered("other", 7, List.of("10.9.3.0/24")));
    assertThat(rig.plane.status().state()).isEqualTo(State.UP);
    assertThat(rig.state()).contains("route 10.9.3.0/24").doesNotContain("LEFT", "placeholder");
  }

  @Test
  void linksThatComeAgain_areMadeAfterWhatOneThatIsGoneLeft() {
    Link[] links =
        IntStream.range(0, 12)
            .mapToObj(n -> SomeLinks.numbered("w-" + n, n, List.of("10.9.0.0/16")))
            .toArray(Link[]::new);
    apply(links);
    rig.killAgent();
    rig.plane.apply(List.of(new LinkChange.Remove(links[3].key())));
    rig.reviveAgent();
    rig.timer.advance(SOON);
    assertThat(rig.plane.status().state()).isEqualTo(State.UP);
    assertThat(rig.state()).contains(".w-11 ").doesNotContain("LEFT", "placeholder", ".w-3 ");
  }

  @Test
  void routesWithoutAnInterfaceThatNoPlaceholderHelps_areTriedOnce() {
    apply(WEB);
    rig.agent.leave(
        Route.newBuilder().setDstNetwork("10.7.0.0/16").setNextHopAddr("10.8.0.1").build());
    rig.timer.advance(SOON);
    rig.agent.forgetCalls();
    rig.timer.advance(SOON);
    assertThat(rig.agent.calls("Update") + rig.agent.calls("Delete")).isZero();
    assertThat(rig.state()).doesNotContain("placeholder");
  }

  @Test
  void routeThatNobodyTold_isADifference() throws EndpointException {
    apply(WEB, EAST);
    rig.agent.leave(route("10.7.0.1/32", "10.7.0.1", "web"));
    VppInspection inspection =
        VppInspection.read(rig.channel, "agent:9113", Duration.ofSeconds(20)).differences();
    assertThat(inspection.rows())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.verdict()).isEqualTo(Verdict.STRAY);
              assertThat(row.name()).isEqualTo("10.7.0.1/32");
            });
  }

  @Test
  void routesOfOthers_stay() {
    apply(WEB);
    rig.agent.foreign(
        Interface.newBuilder()
            .setName("by-hand")
            .setType(Interface.Type.SOFTWARE_LOOPBACK)
            .build());
    rig.agent.leave(
        Route.newBuilder().setDstNetwork("10.7.0.0/16").setOutgoingInterface("by-hand").build());
    rig.agent.forgetCalls();
    rig.timer.advance(SOON);
    assertThat(rig.agent.calls("Update") + rig.agent.calls("Delete")).isZero();
  }

  private Route route(String destination, String hop, String readable) {
    return Route.newBuilder()
        .setDstNetwork(destination)
        .setNextHopAddr(hop)
        .setOutgoingInterface(
            rig.agent.running().stream()
                .filter(item -> item.message() instanceof Interface)
                .map(Item::name)
                .filter(name -> name.endsWith("." + readable))
                .findFirst()
                .orElseThrow())
        .build();
  }

  private void apply(Link... links) {
    rig.plane.apply(Stream.of(links).<LinkChange>map(LinkChange.Put::new).toList());
  }
}
