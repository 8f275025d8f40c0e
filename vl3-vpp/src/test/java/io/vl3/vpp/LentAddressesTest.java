package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.ipam.AddressingMode;
import io.vl3.vpp.testing.FakeAgent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Links that show the same addresses, or some of them: one loopback lends to all. */
class LentAddressesTest {

  private static final String OWN4 = "10.60.232.0";
  private static final String OWN6 = "2001:db8:0:e800::";
  private static final Link V4 = SomeLinks.unnumbered("peer-v4", OWN4, "10.60.7.0");
  private static final Link V6 = SomeLinks.unnumbered("peer-v6", OWN6, "2001:db8:0:700::");
  private static final Link BOTH =
      SomeLinks.unnumbered(
          "peer-both", List.of(OWN4, OWN6), List.of("10.60.8.0", "2001:db8:0:800::"));

  private final VppRig rig = VppRig.original();

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void peersOfOneFamilyAndOfBoth_inAnyOrder_borrowFromOneLoopback() {
    List<List<Link>> orders =
        List.of(List.of(V4, BOTH, V6), List.of(BOTH, V4, V6), List.of(V6, V4, BOTH));
    for (List<Link> order : orders) {
      order.forEach(link -> assertApplied(apply(put(link))));
      assertThat(lent()).get().asString().contains(OWN4 + "/32", OWN6 + "/128");
      assertThat(borrowers()).isEqualTo(3);
      order.forEach(link -> assertApplied(apply(remove(link))));
      assertThat(rig.state()).isEmpty();
    }
  }

  @Test
  void allAtOnce_inOneCall() {
    rig.agent.forgetCalls();
    assertApplied(apply(put(V4), put(BOTH), put(V6)));
    assertThat(rig.agent.calls("Update")).isEqualTo(1);
    assertThat(lent()).get().asString().contains(OWN4 + "/32", OWN6 + "/128");
    assertThat(apply(put(V4), put(BOTH), put(V6)))
        .as("again: nothing to send")
        .containsOnly(new LinkOutcome.Applied(false, 1400));
  }

  @Test
  void addressThatNoLinkShowsAnyMore_isTakenFromTheLoopback() {
    assertApplied(apply(put(V4), put(BOTH)));
    assertApplied(apply(remove(BOTH)));
    assertThat(lent()).get().asString().contains(OWN4 + "/32").doesNotContain(OWN6);
  }

  @Test
  void refusedAddress_failsThoseThatShowIt_alone() {
    rig.agent.refuseAddress(OWN6 + "/128");
    List<LinkOutcome> outcomes = apply(put(V4), put(BOTH));
    assertThat(outcomes.get(0)).isInstanceOf(LinkOutcome.Applied.class);
    assertThat(outcomes.get(1)).asString().contains("address/static/" + OWN6 + "/128");
    assertThat(lent()).get().asString().contains(OWN4 + "/32").doesNotContain(OWN6);
    assertThat(borrowers()).isEqualTo(1);
  }

  @Test
  void anotherPrefix_linkByLink_keepsTheOldAddressUntilTheLastHasMoved() {
    Link other = SomeLinks.unnumbered("peer-other", OWN4, "10.60.9.0");
    assertApplied(apply(put(V4), put(other)));
    assertApplied(apply(put(SomeLinks.unnumbered("peer-v4", "10.60.5.0", "10.60.7.0"))));
    assertThat(lent()).get().asString().contains(OWN4 + "/32", "10.60.5.0/32");
    assertApplied(apply(put(SomeLinks.unnumbered("peer-other", "10.60.5.0", "10.60.9.0"))));
    assertThat(lent()).get().asString().contains("10.60.5.0/32").doesNotContain(OWN4);
  }

  @Test
  void nextLife_takesNothingFromLinksThatWereNotAskedForYet() {
    assertApplied(apply(put(V4), put(BOTH)));
    String before = rig.state();
    rig.start();
    assertApplied(apply(put(V4)));
    assertThat(rig.state()).isEqualTo(before);
    LinkKey leftover =
        rig.plane.observe().stream().filter(key -> key.value().startsWith("#")).findAny().get();
    assertApplied(apply(new LinkChange.Remove(leftover)));
    assertThat(lent()).get().asString().contains(OWN4 + "/32").doesNotContain(OWN6);
  }

  @Test
  void agentRestarted_theLoopbackIsBackWhole() {
    assertApplied(apply(put(V4), put(BOTH)));
    String before = rig.state();
    rig.killAgent();
    rig.reviveAgent();
    rig.timer.advance(Duration.ofSeconds(45));
    assertThat(rig.state()).isEqualTo(before);
    assertThat(rig.agent.calls()).noneMatch(FakeAgent.Call::fullResync);
  }

  @Test
  void numberedWorkloadsBesideIt_areNotTouched() {
    try (VppRig numbered =
        new VppRig(VppSettings.of("nse-b"), AddressingMode.POINT_TO_POINT, "10.60.0.0/16")) {
      Link web = SomeLinks.numbered("web-1", 1, List.of());
      assertApplied(numbered.plane.apply(List.of(put(web), put(V4))));
      assertApplied(numbered.plane.apply(List.of(remove(V4))));
      assertThat(numbered.state()).contains("web-1").doesNotContain("loopback");
    }
  }

  private Optional<String> lent() {
    List<String> loopbacks = rig.state().lines().filter(l -> l.startsWith("loopback")).toList();
    assertThat(loopbacks).hasSizeLessThan(2);
    return loopbacks.stream().findFirst();
  }

  private long borrowers() {
    return rig.state().lines().filter(line -> line.contains("unnumbered of")).count();
  }

  private List<LinkOutcome> apply(LinkChange... changes) {
    return rig.plane.apply(Stream.of(changes).toList());
  }

  private static LinkChange put(Link link) {
    return new LinkChange.Put(link);
  }

  private static LinkChange remove(Link link) {
    return new LinkChange.Remove(link.key());
  }

  private static void assertApplied(List<LinkOutcome> outcomes) {
    assertThat(outcomes).hasOnlyElementsOfType(LinkOutcome.Applied.class);
  }
}
