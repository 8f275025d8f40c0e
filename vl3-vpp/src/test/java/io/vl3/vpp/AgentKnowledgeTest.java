package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.vl3.LogLines;
import io.vl3.connection.Connection;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.ipam.AddressingMode;
import io.vl3.net.IpAddress;
import io.vl3.time.BackOff;
import io.vl3.vpp.VppStatus.State;
import io.vl3.vpp.testing.FakeRelease;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the agent knows is compared with what is needed, at the start and at each look. */
class AgentKnowledgeTest {

  private static final Duration SOON = Duration.ofSeconds(11);
  private static final Duration NEXT_LOOK = Duration.ofSeconds(31);
  private static final String POOL = "vpp.nat.v2.nat44-pool";
  private static final String ROUTE = "vpp.v2.route";
  private static final VppSettings PLAIN = VppSettings.of("nse-a");
  private static final VppSettings NAT = PLAIN.withNatAddress(IpAddress.parse("203.0.113.5"));

  private final LogLines log = LogLines.of("io.vl3.vpp");

  @AfterEach
  void stopListening() {
    log.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = FakeRelease.class,
      names = {"V3_2", "V3_3", "MASTER"})
  void releasesOfTheTable_areTaken(FakeRelease release) throws EndpointException {
    try (VppRig rig = rig(NAT)) {
      rig.agent.becomes(release);
      rig.start();
      rig.close(rig.workload("web-1"));
      assertThat(rig.plane.status().state()).isEqualTo(State.UP);
      assertThat(rig.state()).doesNotContain("web-1");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = FakeRelease.class,
      names = {"V3_0", "V3_1"})
  void olderRelease_isRefused_inStatusErrorAndLog_andToldNothing(FakeRelease release) {
    try (VppRig rig = rig(PLAIN)) {
      rig.agent.becomes(release).forgetCalls();
      rig.start();
      String words =
          "version: %s, by its models (expected: 3.2 or later)"
              .formatted(release == FakeRelease.V3_0 ? "3.0" : "3.1");
      assertThat(rig.plane.status().state()).isEqualTo(State.DOWN);
      assertThat(rig.plane.status().detail()).startsWith("vpp-agent at agent:9113: " + words);
      assertUnavailable(rig, words);
      rig.timer.advance(NEXT_LOOK);
      assertThat(warnings()).singleElement().asString().contains(words);
      assertThat(rig.agent.calls("KnownModels")).isGreaterThan(3);
      assertThat(rig.agent.calls("Get") + rig.agent.calls("Update")).isZero();
    }
  }

  @Test
  void modelThatIsMissing_isNamed_whereItIsNeeded_andOnlyThere() throws EndpointException {
    try (VppRig rig = rig(NAT)) {
      rig.agent.becomes(FakeRelease.V3_3, POOL);
      rig.start();
      String words =
          "vpp-agent at agent:9113: model vpp.nat.v2.nat44-pool: unknown to it"
              + " (expected: known, as to versions 3.2 and later) [needed for NAT]";
      assertThat(rig.plane.status().detail()).isEqualTo(words);
      rig.timer.advance(Duration.ofSeconds(3));
      assertUnavailable(rig, words + " [for 3 s]");
      assertThat(rig.state()).isEmpty();
    }
    try (VppRig rig = rig(PLAIN)) {
      rig.agent.becomes(FakeRelease.V3_3, POOL);
      rig.start();
      rig.workload("web-1");
      assertThat(rig.plane.status().state()).isEqualTo(State.UP);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"punt", "linux", "of VPP with messages dhcp"})
  void agentWithoutAPluginThatADumpNeeds_isRefused_andThePluginNamed(String plugin) {
    try (VppRig rig = rig(PLAIN)) {
      rig.agent.missesPlugins(plugin).forgetCalls();
      rig.start();
      String words = "plugin %s".formatted(plugin);
      assertThat(rig.plane.status().state()).isEqualTo(State.DOWN);
      assertThat(rig.plane.status().detail())
          .startsWith("vpp-agent at agent:9113: " + words)
          .contains(": missing (expected: in ")
          .contains("shows nothing without) [Dump: ");
      assertUnavailable(rig, words);
      rig.timer.advance(NEXT_LOOK);
      assertThat(warnings()).singleElement().asString().contains(words);
      assertThat(rig.agent.calls("Update")).isZero();
    }
  }

  @Test
  void agentWithoutTheNatPlugin_isRefusedWhereNatIsNeeded_andOnlyThere() throws EndpointException {
    try (VppRig rig = rig(NAT)) {
      rig.agent.missesPlugins("nat");
      rig.start();
      String words =
          "vpp-agent at agent:9113: plugin nat: missing (expected: in the agent) [needed for NAT]";
      assertThat(rig.plane.status().detail()).isEqualTo(words);
      assertUnavailable(rig, words);
    }
    try (VppRig rig = rig(PLAIN)) {
      rig.agent.missesPlugins("nat");
      rig.start();
      rig.workload("web-1");
      assertThat(rig.plane.status().state()).isEqualTo(State.UP);
    }
  }

  @Test
  void agentThatDoesNotTellItsModels_isTakenAsItIs_withOneLineInTheLog() throws EndpointException {
    try (VppRig rig = rig(NAT)) {
      rig.agent.tellsModels(false);
      rig.start();
      rig.workload("web-1");
      rig.timer.advance(NEXT_LOOK);
      rig.timer.advance(NEXT_LOOK);
      assertThat(rig.plane.status().state()).isEqualTo(State.UP);
      assertThat(rig.agent.calls("KnownModels")).isGreaterThan(2);
      assertThat(lines("does not list its models")).hasSize(1);
      assertThat(warnings()).isEmpty();
    }
  }

  @Test
  void agentReplacedByOneThatLacksAModel_andBack_linksReturnOnce() throws EndpointException {
    try (VppRig rig = rig(PLAIN)) {
      Connection web = rig.workload("web-1");
      String before = rig.state();
      replace(rig, ROUTE);
      assertThat(rig.plane.status().state()).isEqualTo(State.DOWN);
      assertThat(rig.plane.status().detail()).contains("model vpp.v2.route: unknown to it");
      assertThat(rig.state()).as("nothing is told to it").isEmpty();
      rig.serve(web);
      assertUnavailable(rig, "model vpp.v2.route: unknown to it");
      replace(rig);
      assertThat(rig.plane.status().state()).isEqualTo(State.UP);
      assertThat(rig.state()).isEqualTo(before);
      assertThat(rig.agent.interfacesCreated()).as("in each of two lives").isEqualTo(2);
      rig.killAgent();
      rig.reviveAgent();
      rig.timer.advance(SOON);
      assertThat(lines(", by its "))
          .as("told when it is another")
          .containsExactly(
              "vpp-agent at agent:9113: version later than 3.5, by its 44 models",
              "vpp-agent at agent:9113: version later than 3.5, by its 43 models",
              "vpp-agent at agent:9113: version later than 3.5, by its 44 models");
    }
  }

  @Test
  void agentReplacedByAnOlderOne_withoutABreak_isNoticedAtTheNextLook() throws EndpointException {
    try (VppRig rig = rig(PLAIN)) {
      rig.workload("web-1");
      rig.agent.becomes(FakeRelease.V3_1);
      rig.timer.advance(NEXT_LOOK);
      assertThat(rig.plane.status().detail()).contains("version: 3.1");
      assertThat(rig.state()).as("what runs goes on").contains("web-1");
      rig.agent.becomes(FakeRelease.V3_2);
      rig.timer.advance(SOON);
      assertThat(rig.plane.status().state()).isEqualTo(State.UP);
    }
  }

  @Test
  void agentThatHangs_whenAskedForItsModels_isAway() throws EndpointException {
    VppSettings quick =
        PLAIN.withPace(
            new VppSettings.Pace(
                VppRig.HANGS,
                Duration.ofSeconds(30),
                new BackOff(Duration.ofSeconds(5), Duration.ofSeconds(5))));
    try (VppRig rig = rig(quick)) {
      rig.agent.hang(true);
      rig.start();
      assertThat(rig.plane.status().detail())
          .isEqualTo(
              "vpp-agent at agent:9113: no answer to KnownModels in time (expected: an answer)");
      rig.agent.hang(false);
      rig.timer.advance(SOON);
      rig.workload("web-1");
      assertThat(rig.plane.status().state()).isEqualTo(State.UP);
    }
  }

  @Test
  void refusedAgent_leavesNothingBehind() {
    try (VppRig rig = rig(PLAIN)) {
      rig.agent.becomes(FakeRelease.V3_3, "vpp.v2.interfaces");
      rig.start();
      for (int n = 0; n < 5; n++) {
        assertUnavailable(rig, "model vpp.v2.interfaces: unknown to it");
        rig.timer.advance(SOON);
      }
      assertThat(rig.sockets.size()).isZero();
      assertThat(rig.program.size() + rig.program.waiting()).isZero();
      int others = rig.timer.pending() - 1;
      rig.plane.close();
      assertThat(rig.timer.pending()).as("no look is due any more").isEqualTo(others);
    }
  }

  private static VppRig rig(VppSettings settings) {
    return new VppRig(settings, AddressingMode.POINT_TO_POINT, "10.60.0.0/16");
  }

  /** Another agent takes the place of the one that runs. */
  private static void replace(VppRig rig, String... without) {
    rig.killAgent();
    rig.agent.becomes(FakeRelease.MASTER, without);
    rig.reviveAgent();
    rig.timer.advance(SOON);
  }

  private static void assertUnavailable(VppRig rig, String words) {
    assertThatThrownBy(() -> rig.workload("web-9"))
        .hasMessageContaining(words)
        .isInstanceOfSatisfying(
            EndpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
  }

  private List<String> warnings() {
    return log.lines(Level.WARN);
  }

  private List<String> lines(String words) {
    return log.lines().stream().filter(line -> line.contains(words)).toList();
  }
}
