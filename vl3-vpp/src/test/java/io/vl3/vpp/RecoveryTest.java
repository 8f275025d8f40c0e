package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.vl3.LogLines;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.connection.Connection;
import io.vl3.dataplane.LeftoverSweeper;
import io.vl3.failure.EndpointException;
import io.vl3.ipam.AddressingMode;
import io.vl3.net.IpAddress;
import io.vl3.vpp.VppStatus.State;
import io.vl3.vpp.internal.ItemKind;
import io.vl3.vpp.testing.FakeAgent;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Losses and returns. Several are what earlier implementations got wrong: one growing configuration
 * sent whole, a failed update answered by deleting everybody, a healthy VPP wiped at the start.
 */
class RecoveryTest {

  private static final Duration SOON = Duration.ofSeconds(11);

  /** Within this a loss is known. */
  private static final Duration NOTICED = Duration.ofSeconds(5);

  @Test
  void agentAwayAtTheStart_requestsSaySo_andWorkOnceItIsThere() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      Connection web = rig.workload("web-1");
      rig.server.kill();
      rig.start();
      assertThat(rig.plane.status().state()).isEqualTo(State.DOWN);
      assertThatThrownBy(() -> rig.workload("web-2"))
          .hasMessageContaining("vpp-agent at agent:9113")
          .hasMessageContaining("[for 0 s]");
      assertThat(rig.sockets.size()).as("nothing is kept of it").isZero();
      rig.reviveAgent();
      rig.timer.advance(SOON);
      assertThat(rig.plane.status().state()).isEqualTo(State.UP);
      rig.serve(web);
      assertThat(rig.state()).contains("web-1 master");
    }
  }

  @Test
  void agentRestarted_everythingIsBack_byPlainUpdates() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      rig.workload("web-1");
      rig.serve(PeerAnswers.dial(rig.connection("p", "nse-b")));
      String before = rig.state();
      rig.killAgent();
      assertThat(rig.state()).isEmpty();
      rig.reviveAgent();
      rig.timer.advance(SOON);
      assertThat(rig.state()).isEqualTo(before);
      assertThat(rig.agent.calls()).noneMatch(FakeAgent.Call::fullResync);
    }
  }

  @Test
  void howeverLongVppWasAway_itsReturnIsNoticedWithinTwoSeconds() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      rig.workload("web-1");
      rig.agent.loseVpp();
      for (int minutes = 0; minutes < 30; minutes++) {
        rig.timer.advance(Duration.ofMinutes(1));
        assertThat(rig.timer.untilNext()).isLessThanOrEqualTo(Duration.ofSeconds(2));
      }
      assertThat(rig.plane.status().state()).isEqualTo(State.DOWN);
      rig.agent.restartVpp();
      rig.timer.advance(Duration.ofSeconds(2));
      assertThat(rig.plane.status().state()).isEqualTo(State.UP);
      assertThat(rig.state()).contains("web-1 master");
    }
  }

  @Test
  void whatFailsWhenVppIsBack_isTriedAgainSoon_howeverLongItWasAway() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      rig.workload("web-1");
      rig.agent.loseVpp();
      rig.timer.advance(Duration.ofMinutes(5));
      rig.agent.refuse(item -> item.kind() == ItemKind.INTERFACE, "not connected to VPP");
      rig.agent.restartVpp();
      rig.timer.advance(rig.timer.untilNext());
      assertThat(rig.plane.status().state()).isEqualTo(State.DEGRADED);
      rig.agent.refuseNothing();
      rig.timer.advance(Duration.ofMillis(200));
      assertThat(rig.plane.status().state()).isEqualTo(State.UP);
      assertThat(rig.state()).contains("web-1 master");
    }
  }

  @Test
  void refreshWhileTheAgentIsAway_isServed_andACloseIsMadeUpFor() throws EndpointException {
    VppSettings quick =
        VppSettings.of("nse-a")
            .withPace(
                new VppSettings.Pace(
                    VppRig.HANGS, Duration.ofSeconds(30), VppSettings.Pace.DEFAULT.again()));
    try (VppRig rig = new VppRig(quick, AddressingMode.POINT_TO_POINT, "10.60.0.0/16")) {
      Connection web = rig.workload("web-1");
      Connection gone = rig.workload("web-2");
      rig.agent.hang(true);
      assertThatThrownBy(() -> rig.workload("web-3")).hasMessageContaining("no answer");
      assertThat(rig.plane.status().state()).isEqualTo(State.DOWN);
      rig.serve(web);
      assertThatThrownBy(() -> rig.close(gone)).hasMessageContaining("no answer");
      rig.agent.hang(false);
      rig.timer.advance(SOON);
      assertThat(rig.plane.status().state()).isEqualTo(State.UP);
      assertThat(rig.state()).contains("web-1").doesNotContain("web-2", "web-3");
    }
  }

  @Test
  void requestsWhileTheAgentIsAway_leaveNothingToRemove_andTheLogQuiet() throws EndpointException {
    try (VppRig rig = VppRig.original();
        LogLines log = LogLines.of("io.vl3")) {
      Connection web = rig.workload("web-1");
      rig.killAgent();
      for (int n = 2; n < 100; n++) {
        String name = "web-" + n;
        assertThatThrownBy(() -> rig.workload(name)).hasMessageContaining("[for 0 s]");
      }
      rig.close(rig.connection("unknown", "web-0"));
      assertThat(rig.program.unremoved()).isZero();
      assertThat(log.lines(Level.WARN)).hasSize(1);
      assertThatThrownBy(() -> rig.close(web)).hasMessageContaining("[for 0 s]");
      assertThat(rig.program.unremoved()).as("it may be there").isEqualTo(1);
    }
  }

  @Test
  void aLinkThatCannotBeTakenBack_isReportedOnce_howeverOftenItIsAskedFor()
      throws EndpointException {
    VppSettings quick =
        VppSettings.of("nse-a")
            .withPace(
                new VppSettings.Pace(
                    VppRig.HANGS, Duration.ofSeconds(30), VppSettings.Pace.DEFAULT.again()));
    try (VppRig rig = new VppRig(quick, AddressingMode.POINT_TO_POINT, "10.60.0.0/16");
        LogLines log = LogLines.of("io.vl3")) {
      rig.agent.hang(true);
      for (int n = 0; n < 20; n++) {
        assertThatThrownBy(() -> rig.workload("web-1")).hasMessageContaining("no answer");
      }
      assertThat(log.lines(Level.WARN))
          .filteredOn(line -> line.contains("could not remove link"))
          .hasSize(1);
    }
  }

  @Test
  void requestsWhileTheAgentWasNeverThere_areForgotten_aCloseOfAnEarlierLifeIsNot()
      throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      Connection earlier = rig.workload("web-1");
      rig.server.kill();
      rig.start();
      for (int n = 2; n < 100; n++) {
        String name = "web-" + n;
        assertThatThrownBy(() -> rig.workload(name)).hasMessageContaining("[for 0 s]");
      }
      assertThat(rig.program.unremoved()).as("nothing was sent of them").isZero();
      assertThatThrownBy(() -> rig.close(earlier)).hasMessageContaining("[for 0 s]");
      assertThat(rig.program.unremoved()).isEqualTo(1);
    }
  }

  @Test
  void interfaceThatGoes_isBackAfterTheNextLook() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      rig.workload("web-1");
      String before = rig.state();
      rig.agent.vanish(item -> item.interfaceName().endsWith("web-1"));
      assertThat(rig.state()).isEmpty();
      rig.timer.advance(NOTICED);
      assertThat(before).contains("memif", "web-1");
      assertThat(rig.state()).as("the link is back").isEqualTo(before);
      assertThat(rig.plane.status().problems()).isEmpty();
      assertThat(rig.agent.calls()).noneMatch(FakeAgent.Call::fullResync);
    }
  }

  @Test
  void vppThatIsGone_isNoticedWithinFiveSeconds_andSaidToBeGone_notTheAgent()
      throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      rig.workload("web-1");
      String before = rig.state();
      rig.agent.loseVpp();
      rig.timer.advance(NOTICED);
      assertThat(rig.plane.status().state()).isEqualTo(State.DOWN);
      assertThat(rig.plane.status().detail())
          .isEqualTo(
              "vpp-agent at agent:9113: VPP behind it does not answer (expected: connected)"
                  + " [Dump: failed to dump interface: not connected to VPP]");
      rig.agent.restartVpp();
      rig.timer.advance(SOON);
      assertThat(rig.plane.status().state()).isEqualTo(State.UP);
      assertThat(rig.state()).isEqualTo(before);
    }
  }

  @Test
  void agentThatIsGone_isNoticedWithinFiveSeconds_withoutAnybodyAsking() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      rig.workload("web-1");
      rig.server.kill();
      rig.timer.advance(NOTICED);
      assertThat(rig.plane.status().state()).isEqualTo(State.DOWN);
      assertThat(rig.plane.status().detail()).startsWith("vpp-agent at agent:9113: ");
    }
  }

  @Test
  void lookThatTakesLong_isNotRepeatedAtOnce() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      rig.workload("web-1");
      rig.agent.tells(
          call -> {
            if (call.method().equals("Dump")) {
              rig.timer.advance(Duration.ofSeconds(1));
            }
          });
      rig.agent.forgetCalls();
      rig.timer.advance(Duration.ofMinutes(2));
      assertThat(rig.agent.calls("Dump")).as("a twentieth of the time").isBetween(4L, 7L);
    }
  }

  @Test
  void natThatIsEnabledFromBeforeTheAgentStarted_isAProblemThatSaysWhatToDo_andNoMoreThan()
      throws EndpointException {
    VppSettings nat = VppSettings.of("nse-a").withNatAddress(IpAddress.parse("203.0.113.5"));
    try (VppRig rig = new VppRig(nat, AddressingMode.POINT_TO_POINT, "10.60.0.0/16")) {
      rig.workload("web-1");
      String before = rig.state();
      rig.killAgent();
      rig.reviveAgent();
      rig.timer.advance(SOON);
      assertThat(rig.plane.status().state()).isEqualTo(State.DEGRADED);
      assertThat(rig.plane.status().problems().values())
          .singleElement()
          .asString()
          .startsWith("vpp-agent at agent:9113: nat nat44: VPPApiError: -170: VPP's NAT is enabled")
          .contains("[once: vppctl nat44 plugin disable, or restart VPP]");
      assertThat(rig.state()).as("packets pass").contains("web-1 master", "route 10.60.232.1/32");
      rig.agent.disableNat();
      rig.timer.advance(SOON);
      assertThat(rig.plane.status().state()).isEqualTo(State.UP);
      assertThat(rig.state()).isEqualTo(before);
    }
  }

  @Test
  void whatNoPluginCaresFor_isAProblem_thoughTheAgentTakesIt() throws EndpointException {
    VppSettings nat = VppSettings.of("nse-a").withNatAddress(IpAddress.parse("203.0.113.5"));
    try (VppRig rig = new VppRig(nat, AddressingMode.POINT_TO_POINT, "10.60.0.0/16")) {
      rig.agent.leaveUnimplemented(item -> item.kind().isNat());
      Connection web = rig.workload("web-1");
      rig.timer.advance(Duration.ofSeconds(31));
      assertThat(rig.plane.status().state()).isEqualTo(State.DEGRADED);
      assertThat(rig.plane.status().problems().values())
          .singleElement()
          .asString()
          .startsWith("vpp-agent at agent:9113: nat-interface vl3.")
          .contains("does not run, though the agent took it (expected: running)");
      assertThat(rig.agent.interfacesCreated()).as("what runs is not made anew").isEqualTo(1);
      rig.agent.leaveUnimplemented(item -> false);
      rig.close(web);
      rig.timer.advance(SOON);
      assertThat(rig.plane.status().state()).isEqualTo(State.UP);
    }
  }

  @Test
  void leftovers_stayIfTheyAreKept_goElse_foreignOnesStay() throws Exception {
    try (VppRig rig = VppRig.original()) {
      rig.agent.foreign(
          Interface.newBuilder()
              .setName("by-hand")
              .setType(Interface.Type.SOFTWARE_LOOPBACK)
              .build());
      rig.workload("web-1");
      String before = rig.state();
      rig.start();
      assertThat(rig.program.leftovers(rig.soon())).hasSize(1);
      sweep(rig, true);
      assertThat(rig.state()).isEqualTo(before);
      sweep(rig, false);
      assertThat(rig.state()).contains("by-hand").doesNotContain("web-1");
    }
  }

  @Test
  void socketOfAnEarlierLife_isGivenToNobodyElse_whoNamesIt() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      Connection web = rig.workload("web-1");
      String before = rig.state();
      rig.start();
      Connection other =
          rig.serve(rig.connection("web-2", "web-2").withMechanism(web.mechanism().orElseThrow()));
      assertThat(other.mechanism()).isNotEqualTo(web.mechanism());
      rig.close(other);
      assertThat(rig.serve(web).mechanism()).isEqualTo(web.mechanism());
      assertThat(rig.state()).isEqualTo(before);
    }
  }

  @Test
  void oneRefusedRequest_doesNotMakeLaterOnesFail_norDeletesAnybody() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      rig.workload("web-1");
      String before = rig.state();
      rig.agent.refuse(item -> item.name().endsWith("bad"), "VPPApiError: No such entity (-6)");
      assertThatThrownBy(() -> rig.workload("bad", Map.of()))
          .hasMessageContaining("No such entity");
      assertThat(rig.state()).isEqualTo(before);
      rig.workload("web-2");
      assertThat(rig.state()).contains("web-1", "web-2");
    }
  }

  private static void sweep(VppRig rig, boolean keep) {
    new LeftoverSweeper(
            rig.program, rig.timer, Runnable::run, Duration.ZERO, keep, Duration.ofSeconds(5))
        .look();
  }
}
