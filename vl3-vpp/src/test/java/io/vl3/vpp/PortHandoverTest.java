package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.dataplane.LinkOutcome.Failed;
import io.vl3.failure.Reason;
import io.vl3.ipam.AddressingMode;
import io.vl3.net.IpAddress;
import io.vl3.vpp.VppStatus.State;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.internal.ItemKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports of the NAT address that go from one link to another within one batch. */
class PortHandoverTest {

  private static final LinkOutcome CHANGED = new LinkOutcome.Applied(true, 1400);
  private static final Link OLD = SomeLinks.numbered("old", 1, List.of());
  private static final Link NEW = SomeLinks.numbered("new", 2, List.of());
  private static final Link THIRD = SomeLinks.numbered("third", 3, List.of());

  private final VppRig rig =
      new VppRig(
          VppSettings.of("nse-a").withNatAddress(IpAddress.parse("203.0.113.5")),
          AddressingMode.POINT_TO_POINT,
          "10.60.0.0/16");

  @AfterEach
  void stop() {
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void portThatOneDrops_goesToWhoTakesIt(boolean reversed) {
    apply(puts(SomeLinks.forwarding(OLD, 80, 443), NEW));
    assertThat(apply(puts(reversed, SomeLinks.forwarding(OLD, 443), SomeLinks.forwarding(NEW, 80))))
        .containsOnly(CHANGED);
    assertThat(forwards()).containsExactly("443 to old", "80 to new");
    assertAsWanted();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void portOfALinkThatGoes_goesToWhoTakesIt(boolean reversed) {
    apply(puts(SomeLinks.forwarding(OLD, 80)));
    List<LinkChange> changes =
        new ArrayList<>(
            List.of(
                new LinkChange.Remove(OLD.key()),
                new LinkChange.Put(SomeLinks.forwarding(NEW, 80))));
    if (reversed) {
      Collections.reverse(changes);
    }
    assertThat(apply(changes)).allMatch(LinkOutcome.Applied.class::isInstance);
    assertThat(forwards()).containsExactly("80 to new");
    assertAsWanted();
  }

  @Test
  void portThatItsHolderKeeps_isRefusedToAnother_whoStaysAsItWas() {
    apply(puts(SomeLinks.forwarding(OLD, 80), SomeLinks.forwarding(NEW, 8080)));
    List<LinkOutcome> outcomes =
        apply(puts(SomeLinks.forwarding(OLD, 80, 443), SomeLinks.forwarding(NEW, 80)));
    assertThat(outcomes.get(0)).isEqualTo(CHANGED);
    assertConflict(outcomes.get(1), "NAT 203.0.113.5 TCP port 80", "held by link old");
    assertThat(forwards()).containsExactly("443 to old", "80 to old", "8080 to new");
    assertAsWanted();
  }

  @Test
  void portWhoseHolderCouldNotBeChanged_staysItsOwn() {
    apply(puts(SomeLinks.forwarding(OLD, 80), NEW));
    rig.agent.refuse(dnat(443), "no memory");
    List<LinkOutcome> outcomes =
        apply(puts(SomeLinks.forwarding(OLD, 443), SomeLinks.forwarding(NEW, 80)));
    assertThat(outcomes.get(0)).asString().contains("no memory");
    assertConflict(outcomes.get(1), "NAT 203.0.113.5 TCP port 80", "held by link old");
    assertThat(forwards()).containsExactly("80 to old");
    assertAsWanted();
  }

  @Test
  void portOfALinkOfAnEarlierLife_isNotTakenFromIt() {
    apply(puts(SomeLinks.forwarding(OLD, 80)));
    rig.start();
    assertConflict(apply(puts(SomeLinks.forwarding(NEW, 80))).get(0), "Value exist", "[link new]");
    assertThat(forwards()).containsExactly("80 to old");
    assertThat(apply(puts(SomeLinks.forwarding(OLD, 80))))
        .allMatch(LinkOutcome.Applied.class::isInstance);
    assertAsWanted();
  }

  @Test
  void oneOfTwoWhoTakeAPort_getsIt() {
    apply(puts(SomeLinks.forwarding(OLD, 80), NEW, THIRD));
    List<LinkOutcome> outcomes =
        apply(puts(SomeLinks.forwarding(NEW, 80), SomeLinks.forwarding(THIRD, 80), OLD));
    assertThat(outcomes.get(0)).isEqualTo(CHANGED);
    assertConflict(outcomes.get(1), "NAT 203.0.113.5 TCP port 80", "held by link new");
    assertThat(outcomes.get(2)).isEqualTo(CHANGED);
    assertThat(forwards()).containsExactly("80 to new");
    assertAsWanted();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void portsThatGoFromHandToHand_allArrive(boolean reversed) {
    apply(puts(SomeLinks.forwarding(OLD, 80), SomeLinks.forwarding(NEW, 81), THIRD));
    assertThat(
            apply(
                puts(
                    reversed,
                    SomeLinks.forwarding(OLD),
                    SomeLinks.forwarding(NEW, 80),
                    SomeLinks.forwarding(THIRD, 81))))
        .containsOnly(CHANGED);
    assertThat(forwards()).containsExactly("80 to new", "81 to third");
    assertAsWanted();
  }

  @Test
  void portsThatAreExchanged_allArrive_alsoThatOfABystander() {
    apply(puts(SomeLinks.forwarding(OLD, 80, 443), SomeLinks.forwarding(NEW, 81), THIRD));
    assertThat(
            apply(
                puts(
                    SomeLinks.forwarding(THIRD, 443),
                    SomeLinks.forwarding(OLD, 81),
                    SomeLinks.forwarding(NEW, 80))))
        .containsOnly(CHANGED);
    assertThat(forwards()).containsExactly("443 to third", "80 to new", "81 to old");
    assertAsWanted();
  }

  @Test
  void exchangeThatVppRefusesInPart_leavesNobodyWithoutWhatNobodyTook() {
    apply(puts(SomeLinks.forwarding(OLD, 80), SomeLinks.forwarding(NEW, 81)));
    rig.agent.refuse(dnat(443), "no memory");
    List<LinkOutcome> outcomes =
        apply(puts(SomeLinks.forwarding(OLD, 81), SomeLinks.forwarding(NEW, 80, 443)));
    assertThat(outcomes.get(0)).isEqualTo(CHANGED);
    assertThat(outcomes.get(1)).asString().contains("no memory");
    rig.agent.refuseNothing();
    assertThat(forwards()).containsExactly("81 to old");
    assertAsWanted();
  }

  @Test
  void exchangeThatVppRefusesWhole_leavesEverybodyAsHeWas() {
    apply(puts(SomeLinks.forwarding(OLD, 80), SomeLinks.forwarding(NEW, 81)));
    String before = rig.state();
    rig.agent.refuse(dnat(81).and(item -> item.text().contains(client(OLD))), "no memory");
    rig.agent.refuse(dnat(80).and(item -> item.text().contains(client(NEW))), "no memory");
    assertThat(apply(puts(SomeLinks.forwarding(OLD, 81), SomeLinks.forwarding(NEW, 80))))
        .allMatch(outcome -> outcome.toString().contains("no memory"));
    assertThat(rig.state()).isEqualTo(before);
    assertAsWanted();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void socketThatOneLeaves_isAnothersAtOnce(boolean reversed) {
    String left = "/run/vl3/memif/old.sock";
    Link elsewhere = SomeLinks.withSocket(OLD, "/run/vl3/memif/other.sock");
    apply(puts(OLD));
    assertThat(rig.plane.isSocketOfAnother(left, NEW.key())).isTrue();
    assertThat(apply(puts(reversed, elsewhere, SomeLinks.withSocket(NEW, left))))
        .containsOnly(CHANGED);
    assertThat(rig.plane.isSocketOfAnother(left, OLD.key())).isTrue();
    apply(List.of(new LinkChange.Remove(NEW.key())));
    apply(puts(OLD));
    apply(puts(elsewhere));
    assertThat(rig.plane.isSocketOfAnother(left, NEW.key())).as("left again").isFalse();
  }

  /** What runs is what is wanted: a look finds nothing to do. */
  private void assertAsWanted() {
    String before = rig.state();
    rig.timer.advance(Duration.ofSeconds(31));
    assertThat(rig.plane.status().state()).isEqualTo(State.UP);
    assertThat(rig.plane.status().problems()).isEmpty();
    assertThat(rig.state()).isEqualTo(before).doesNotContain("PENDING", "FAILED");
  }

  private static void assertConflict(LinkOutcome outcome, String... words) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo(Reason.CONFLICT);
              assertThat(failed.message()).contains(words);
            });
  }

  /** {@code PORT to LINK}, sorted. */
  private List<String> forwards() {
    return rig.state()
        .lines()
        .filter(line -> line.startsWith("dnat "))
        .map(line -> line.replaceFirst(".*:", "") + " to " + clientOf(line))
        .sorted()
        .toList();
  }

  private static String clientOf(String line) {
    return Stream.of(OLD, NEW, THIRD)
        .filter(link -> line.contains(" to " + client(link) + ":"))
        .map(link -> link.key().value())
        .findFirst()
        .orElseThrow();
  }

  private static String client(Link link) {
    return link.endpoint().neighbours().get(0).toString();
  }

  private static Predicate<Item> dnat(int port) {
    return item -> item.kind() == ItemKind.DNAT && item.name().endsWith("-" + port);
  }

  private List<LinkOutcome> apply(List<LinkChange> changes) {
    return rig.plane.apply(changes);
  }

  private static List<LinkChange> puts(Link... links) {
    return puts(false, links);
  }

  private static List<LinkChange> puts(boolean reversed, Link... links) {
    List<LinkChange> changes =
        new ArrayList<>(Stream.of(links).<LinkChange>map(LinkChange.Put::new).toList());
    if (reversed) {
      Collections.reverse(changes);
    }
    return changes;
  }
}
