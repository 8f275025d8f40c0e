package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.failure.EndpointException;
import io.vl3.ipam.AddressingMode;
import io.vl3.vpp.VppInspection.Verdict;
import io.vl3.vpp.VppStatus.State;
import io.vl3.vpp.internal.Item;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What VPP shows otherwise than it was told, though it runs as it was told. */
class ShownOtherwiseTest {

  private static final Link WEB = SomeLinks.numbered("web", 1, List.of("10.9.0.0/16"));
  private static final Link DUAL =
      SomeLinks.unnumbered(
          "dual", List.of("198.18.1.0", "2001:db8::1"), List.of("198.18.2.0", "2001:db8:1::1"));

  private final VppRig rig =
      new VppRig(VppSettings.of("nse-a"), AddressingMode.POINT_TO_POINT, "10.60.0.0/16");

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void healthyLinks_areLeftAlone_howeverOftenTheyAreLookedAt() {
    apply(WEB, DUAL);
    String before = rig.state();
    int made = rig.agent.interfacesCreated();
    rig.agent.forgetCalls();
    rig.timer.advance(Duration.ofMinutes(10));
    assertThat(rig.state()).isEqualTo(before);
    assertThat(rig.agent.interfacesCreated()).isEqualTo(made);
    assertThat(rig.agent.calls("Dump")).as("looks").isGreaterThan(10);
    assertThat(rig.agent.calls("Update") + rig.agent.calls("Delete")).isZero();
    assertThat(rig.plane.status().state()).isEqualTo(State.UP);
  }

  @Test
  void healthyLinks_haveNoDifference() throws EndpointException {
    apply(WEB, DUAL);
    VppInspection inspection = read();
    assertThat(inspection.isClean()).isTrue();
    assertThat(inspection.ours().rows()).hasSize(7).allMatch(row -> row.verdict() == Verdict.SAME);
  }

  @Test
  void hostRoutesOfAnEarlierVersion_withoutANextHop_areRecognised() throws EndpointException {
    apply(DUAL);
    String face = interfaceName();
    rig.agent.push(
        "earlier",
        Item.config(
            List.of(
                Item.of(route("198.18.9.0/32", face)),
                Item.of(route("2001:db8:9::1/128", face)),
                Item.of(route("198.18.8.0/24", face)),
                Item.of(route("2001:db8:8::/64", face)))));
    assertThat(read().differences().rows()).isEmpty();
  }

  @Test
  void routesToldByUs_nameTheirNextHop_soThatTheAgentTakesTheRightFamily() {
    apply(DUAL);
    assertThat(rig.agent.running())
        .filteredOn(item -> item.message() instanceof Route)
        .extracting(item -> ((Route) item.message()).getNextHopAddr())
        .containsExactlyInAnyOrder("198.18.2.0", "2001:db8:1::1");
  }

  @Test
  void mtuOfALink_isToldToBothSides_andNotToVpp_whichRefusesItOfPackets() {
    assertThat(apply(SomeLinks.withMtu(WEB, 1300)))
        .containsExactly(new LinkOutcome.Applied(true, 1300));
    assertThat(rig.state()).contains(".web master IP").doesNotContain("mtu");
    assertThat(apply(SomeLinks.withMtu(WEB, 1280)))
        .as("nothing changes in VPP")
        .containsExactly(new LinkOutcome.Applied(false, 1280));
  }

  @Test
  void mtuOfALinkWithFrames_isToldToVpp_andChangesInPlace() {
    Link framed = SomeLinks.framed(WEB);
    assertThat(apply(SomeLinks.withMtu(framed, 1300)))
        .containsExactly(new LinkOutcome.Applied(true, 1300));
    assertThat(rig.state()).contains("mtu 1300");
    int made = rig.agent.interfacesCreated();
    assertThat(apply(framed)).containsExactly(new LinkOutcome.Applied(true, 1400));
    assertThat(rig.state()).contains("mtu 1400");
    assertThat(rig.agent.interfacesCreated()).isEqualTo(made);
  }

  private VppInspection read() throws EndpointException {
    return VppInspection.read(rig.channel, "agent:9113", Duration.ofSeconds(20));
  }

  private String interfaceName() {
    return rig.agent.running().stream()
        .filter(item -> item.message() instanceof Interface face && face.hasMemif())
        .map(Item::name)
        .findFirst()
        .orElseThrow();
  }

  private static Route route(String destination, String over) {
    return Route.newBuilder().setDstNetwork(destination).setOutgoingInterface(over).build();
  }

  private List<LinkOutcome> apply(Link... links) {
    return rig.plane.apply(Stream.of(links).<LinkChange>map(LinkChange.Put::new).toList());
  }
}
