package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.dataplane.LeftoverSweeper;
import io.vl3.failure.EndpointException;
import io.vl3.ipam.AddressingMode;
import io.vl3.time.BackOff;
import io.vl3.vpp.VppStatus.State;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Leftovers whose grace ends while the agent is away. */
class AgentAwayAtGraceEndTest {

  private static final Duration GRACE = Duration.ofMinutes(10);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void agentAwayWhenTheGraceEnds_removesAtItsReturn() throws EndpointException {
    BackOff again = new BackOff(MINUTE, MINUTE);
    VppSettings.Pace pace =
        new VppSettings.Pace(Duration.ofSeconds(3), Duration.ofSeconds(30), again);
    try (VppRig rig =
        new VppRig(
            VppSettings.of("nse-a").withPace(pace),
            AddressingMode.POINT_TO_POINT,
            "10.60.0.0/16")) {
      rig.workload("web-1");
      rig.start();
      Queue<Runnable> work = new ArrayDeque<>(); // who is told the status does not look himself
      LeftoverSweeper sweeper =
          new LeftoverSweeper(rig.program, rig.timer, work::add, GRACE, false, MINUTE);
      rig.plane.onStatus(status -> lookIfUp(status, sweeper));
      runAll(work);
      rig.timer.advance(GRACE.minus(MINUTE));
      rig.agent.hang(true);
      rig.timer.advance(MINUTE);
      assertThat(rig.plane.status().state()).isEqualTo(State.DOWN);
      runAll(work);
      rig.agent.hang(false);
      assertThat(rig.state()).contains("web-1");
      rig.timer.advance(MINUTE.multipliedBy(2));
      assertThat(rig.plane.status().state()).isEqualTo(State.UP);
      runAll(work);
      assertThat(rig.state()).isEmpty();
    }
  }

  private static void runAll(Queue<Runnable> work) {
    while (!work.isEmpty()) {
      work.remove().run();
    }
  }

  private static void lookIfUp(VppStatus status, LeftoverSweeper sweeper) {
    if (status.state() == State.UP) {
      sweeper.look();
    }
  }
}
