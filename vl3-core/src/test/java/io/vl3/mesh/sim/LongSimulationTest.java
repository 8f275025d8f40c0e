package io.vl3.mesh.sim;

import io.vl3.mesh.sim.Simulation.Plan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The simulator at length: {@code mvn verify -Psim -pl vl3-core}. */
@Tag("sim")
class LongSimulationTest {

  private final QuietLog log = new QuietLog();

  @AfterEach
  void restoreLog() {
    log.close();
  }

  @Test
  void tenThousandSmallRuns_endWell() {
    Series.run(1, Integer.getInteger("vl3.sim.runs", 10_000), Plan::small);
  }

  @Test
  void fiftyRunsOfTwoHundredNses_endWell() {
    Series.run(1, Integer.getInteger("vl3.sim.large", 50), seed -> Plan.large(seed, 200));
  }
}
