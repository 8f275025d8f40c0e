package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.demo.DemoPlan.Nse;
import io.vl3.mesh.MeshSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two NSEs with a real VPP each, and workloads with kernel interfaces. Each VPP is killed and
 * started again {@code -Dvl3.vpp.rounds} times. It runs where {@code -Dvl3.vpp.prefix} says where
 * VPP is installed.
 */
@EnabledIfSystemProperty(named = "vl3.vpp.prefix", matches = ".+", disabledReason = "no VPP given")
class VppNetworkTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Pings of one pair that may get lost in a row while nobody touches what it passes. */
  private static final int UNTOUCHED = 2;

  /** A link that breaks before it has stood for so long is mended at a slower and slower pace. */
  private static final Duration CALM = MeshSettings.DEFAULT.calm().plusSeconds(2);

  @TempDir private Path dir;

  @Test
  void killedVpp_everyPairAnswersAgain_andTheOthersDidNotNotice() throws Exception {
    VppPrograms vpp = VppPrograms.in(Path.of(System.getProperty("vl3.vpp.prefix")));
    try (LiveNetwork live = LiveNetwork.start(new DemoSize(1, 2, 4), dir, vpp)) {
      List<Nse> nses = live.plan().nses().toList();
      Set<String> crossing = live.pairsBetween(nses.get(0), nses.get(1));
      assertThat(crossing).isNotEmpty();
      for (Nse nse : nses) {
        List<Long> times = new ArrayList<>();
        for (int round = 0; round < Integer.getInteger("vl3.vpp.rounds", 2); round++) {
          times.add(killAndStart(live, nse, crossing));
        }
        System.out.printf(
            "%s: its VPP started again, every pair answered after %s ms%n", nse.name(), times);
      }
    }
  }

  private static long killAndStart(LiveNetwork live, Nse nse, Set<String> crossing)
      throws Exception {
    assertThat(live.pings().awaitAll(System.nanoTime() + CALM.toNanos(), CALM.plus(PATIENCE)))
        .as("pairs that do not answer though all is well; %s", live.logs())
        .isEmpty();
    live.pings().forgetLosses();
    live.kill(LiveNetwork.vpp(nse));
    long killed = System.nanoTime();
    var unused = live.pings().awaitThose(crossing::contains, killed, Duration.ofSeconds(1));
    long started = System.nanoTime();
    live.startVpp(nse);
    assertThat(live.pings().awaitAll(started, PATIENCE))
        .as("pairs that do not answer; %s", live.logs())
        .isEmpty();
    long took = Duration.ofNanos(System.nanoTime() - started).toMillis();
    Set<String> lost = live.pings().lostMoreThan(UNTOUCHED);
    lost.removeAll(crossing);
    assertThat(lost).as("pairs that nobody touched").isEmpty();
    return took;
  }
}
