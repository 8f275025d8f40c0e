package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.failure.EndpointException;
import io.vl3.ipam.AddressingMode;
import io.vl3.vpp.VppStatus.State;
import io.vl3.vpp.internal.AgentClient;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.internal.VppException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Values that the agent or VPP do not take, or take and let wait: what is said, what is undone. */
class RefusedValueTest {

  private static final VppSettings IMPATIENT =
      VppSettings.of("nse-a")
          .withPace(
              new VppSettings.Pace(
                  VppRig.HANGS, Duration.ofSeconds(30), VppSettings.Pace.DEFAULT.again()));

  private final VppRig rig = new VppRig(IMPATIENT, AddressingMode.POINT_TO_POINT, "10.60.0.0/16");

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void invalidValueForARunningKey_isUndoneByDeletionAndUpdate() {
    Link good = SomeLinks.framed(SomeLinks.numbered("web-1", 1, List.of("10.9.0.0/16")));
    apply(good);
    String before = rig.state();
    rig.agent.findInvalid(mtuOf(1300), "field mtu is invalid");
    LinkOutcome refused = apply(SomeLinks.withMtu(good, 1300));
    assertThat(refused).asString().contains("field mtu is invalid", "reason=INVALID");
    assertThat(rig.state()).as("the agent forgot it, and was told again").isEqualTo(before);
    assertThat(apply(good)).isEqualTo(new LinkOutcome.Applied(false, 1400));
  }

  @Test
  void objectThatTheAgentForgotInAnEarlierLife_isMendedOnceItIsWanted() throws Exception {
    Link good = SomeLinks.framed(SomeLinks.numbered("web-1", 1, List.of()));
    apply(good);
    String before = rig.state();
    rig.agent.findInvalid(mtuOf(1300), "field mtu is invalid");
    AgentClient killed = client("vl3-nse-a");
    assertThatThrownBy(() -> killed.update(List.of(broken()))).isInstanceOf(VppException.class);
    rig.start();
    assertThat(apply(good)).isInstanceOf(LinkOutcome.Applied.class);
    assertThat(rig.state()).isEqualTo(before);
  }

  @Test
  void refusedAddress_namesInterfaceAndAddress() throws EndpointException {
    rig.agent.refuseAddress("10.60.232.2/32");
    assertThatThrownBy(() -> rig.workload("web-1"))
        .hasMessageContaining("interface vl3.")
        .hasMessageContaining(".web-1: address/static/10.60.232.2/32: VPPApiError: Unspecified")
        .hasMessageContaining("[link web-1]")
        .message()
        .doesNotContain("KeyErrors");
    assertThat(rig.state()).isEmpty();
  }

  @Test
  void oneRouteLess_isAChange() {
    apply(SomeLinks.numbered("web-1", 1, List.of("10.8.0.0/16", "10.9.0.0/16")));
    Link less = SomeLinks.numbered("web-1", 1, List.of("10.9.0.0/16"));
    assertThat(apply(less)).isEqualTo(new LinkOutcome.Applied(true, 1400));
    assertThat(rig.state()).contains("10.9.0.0/16").doesNotContain("10.8.0.0/16");
    assertThat(apply(less)).isEqualTo(new LinkOutcome.Applied(false, 1400));
  }

  @Test
  void routeWhoseInterfaceIsMissing_isReported_notTakenForUp() throws Exception {
    apply(SomeLinks.numbered("web-1", 1, List.of()));
    client("other").delete(List.of(face()));
    assertThat(rig.state()).contains("PENDING route").doesNotContain("memif");
    Link more = SomeLinks.numbered("web-1", 1, List.of("10.9.0.0/16"));
    assertThat(apply(more))
        .isInstanceOf(LinkOutcome.Failed.class)
        .asString()
        .contains("route 10.9.0.0/16", "pending: it waits for what VPP has not");
    assertThat(rig.state()).as("what waits is taken back").doesNotContain("10.9.0.0/16");
    rig.timer.advance(Duration.ofSeconds(31));
    assertThat(rig.plane.status().state()).isEqualTo(State.UP);
    assertThat(rig.state()).contains("memif").doesNotContain("PENDING");
    assertThat(apply(more)).isInstanceOf(LinkOutcome.Applied.class);
    assertThat(rig.state()).contains("route 10.9.0.0/16").doesNotContain("PENDING");
  }

  private LinkOutcome apply(Link link) {
    return rig.plane.apply(List.of(new LinkChange.Put(link))).get(0);
  }

  private AgentClient client(String source) {
    return new AgentClient(rig.channel, "agent:9113", source, Duration.ofSeconds(5));
  }

  /** The interface as it runs. */
  private Item face() {
    return rig.agent.running().stream()
        .filter(item -> item.name().endsWith(".web-1"))
        .filter(item -> item.message() instanceof Interface)
        .findFirst()
        .orElseThrow();
  }

  private Item broken() {
    return Item.of(((Interface) face().message()).toBuilder().setMtu(1300).build());
  }

  private static Predicate<Item> mtuOf(int bytes) {
    return item -> item.message() instanceof Interface face && face.getMtu() == bytes;
  }
}
