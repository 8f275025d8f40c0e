package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.dataplane.Translation;
import io.vl3.failure.EndpointException;
import io.vl3.net.IpAddress;
import io.vl3.time.FakeTimer;
import io.vl3.vpp.VppStatus.State;
import io.vl3.vpp.internal.ItemKind;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two endpoints on one agent, with the same routing table and the same NAT address. */
class SharedAgentTest {

  private static final Duration NEXT_LOOK = Duration.ofSeconds(31);
  private static final Link OF_A = translated(SomeLinks.numbered("of-a", 1, List.of()));
  private static final Link OF_B = translated(SomeLinks.numbered("of-b", 2, List.of()));

  private final FakeTimer timer = new FakeTimer();
  private final FakeAgent agent = new FakeAgent();
  private final FakeAgentServer server = FakeAgentServer.inProcess(agent);
  private final ManagedChannel channel = server.channel();
  private final VppDataPlane a = open("nse-a");
  private final VppDataPlane b = open("nse-b");

  @AfterEach
  void stop() {
    a.close();
    b.close();
    channel.shutdownNow();
    server.close();
  }

  @Test
  void lastLinkOfOne_leavesWhatTheOtherNeeds_andTheLastOfAllLeavesNothing() {
    assertApplied(put(a, OF_A));
    assertApplied(put(b, OF_B));
    assertApplied(remove(a, OF_A));
    // Before the other's next look, which would mend what it had lost.
    assertThat(agent.state())
        .contains("of-b", "nat-pool", "vrf 7 IPV4")
        .doesNotContain("of-a", "PENDING");
    timer.advance(NEXT_LOOK);
    assertThat(b.status().state()).isEqualTo(State.UP);
    assertApplied(remove(b, OF_B));
    timer.advance(NEXT_LOOK);
    assertThat(agent.state()).isEmpty();
  }

  @Test
  void leftoversOfOne_leaveTheTableThatTheOtherNeeds() throws EndpointException {
    assertApplied(put(a, OF_A));
    assertApplied(put(b, OF_B));
    // The agent shows the table under the label of the last source, which is this one's.
    b.close();
    VppLeftovers left = VppLeftovers.find(channel, "test", "nse-b", Duration.ofSeconds(5));
    assertThat(left.remove())
        .extracting(VppLeftovers.Leftover::kind)
        .containsExactlyInAnyOrder("interface", "route", "nat-interface");
    assertThat(agent.state()).contains("of-a", "vrf 7 IPV4").doesNotContain("PENDING");
  }

  @Test
  void requestThatFails_takesNothingAwayThatTheOtherNeeds() {
    // Neither has looked since the other began to need table and NAT address.
    assertApplied(put(a, SomeLinks.forwarding(OF_A, 80)));
    assertThat(put(b, SomeLinks.forwarding(OF_B, 80))).asString().contains("Value exist (-81)");
    assertThat(agent.state())
        .contains("of-a in", "tcp-80", "nat-pool", "vrf 7 IPV4")
        .doesNotContain("of-b", "PENDING");
    assertApplied(remove(a, OF_A));
    timer.advance(NEXT_LOOK);
    assertThat(agent.state()).as("and nothing stays in the end").isEmpty();
  }

  @Test
  void whatAnotherTookAway_isToldAgain_alsoWhatNoDumpShows() {
    assertApplied(put(b, OF_B));
    String before = agent.state();
    agent.take("nse-a", item -> item.kind() == ItemKind.NAT_GLOBAL);
    agent.take("nse-a", item -> item.kind() == ItemKind.NAT_POOL);
    assertThat(agent.state()).isNotEqualTo(before);
    timer.advance(NEXT_LOOK);
    assertThat(agent.state()).isEqualTo(before);
    assertThat(b.status().state()).isEqualTo(State.UP);
  }

  private VppDataPlane open(String owner) {
    VppSettings settings =
        VppSettings.of(owner)
            .withVrf(7)
            .withNatAddress(IpAddress.parse("203.0.113.5"))
            .withPace(
                new VppSettings.Pace(
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(30),
                    VppSettings.Pace.DEFAULT.again()));
    return VppDataPlane.open(
        channel,
        "agent:9113",
        settings,
        timer,
        Runnable::run,
        RandomGenerator.of("L64X128MixRandom"));
  }

  private static Link translated(Link link) {
    return link.withTranslation(new Translation(List.of()));
  }

  private static LinkOutcome put(VppDataPlane plane, Link link) {
    return plane.apply(List.of(new LinkChange.Put(link))).get(0);
  }

  private static LinkOutcome remove(VppDataPlane plane, Link link) {
    return plane.apply(List.of(new LinkChange.Remove(link.key()))).get(0);
  }

  private static void assertApplied(LinkOutcome outcome) {
    assertThat(outcome).isInstanceOf(LinkOutcome.Applied.class);
  }
}
