package io.vl3.mesh.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.mesh.Mutation;
import io.vl3.mesh.PeerState;
import io.vl3.registry.PeerLabels;
import java.time.Duration;
import java.util.IntSummaryStatistics;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a network costs by topology and size; prints the figures of docs/scale.md. */
@Tag("sim")
class ScaleTest {

  /** When a network counts as one that does not come together, in simulated time. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final Duration STEP = Duration.ofMillis(500);

  private final QuietLog log = new QuietLog();

  @AfterEach
  void restoreLog() {
    log.close();
  }

  @ParameterizedTest
  @CsvSource({
    "10, 0",
    "100, 0",
    "1000, 0",
    "10, 2",
    "100, 2",
    "1000, 2",
    "10000, 2",
  })
  void coldStart(int nses, int hubs) {
    long start = System.nanoTime();
    try (World world = new World(1, 1, Mutation.NONE)) {
      world.network().instant(true);
      for (int i = 0; i < nses; i++) {
        Node node = world.addNode("nse-" + i, world.domains().get(0));
        if (hubs > 0) {
          node.role = Optional.of(i < hubs ? PeerLabels.HUB : PeerLabels.SPOKE);
        }
        world.start(node);
      }
      int expected = links(nses, hubs);
      while (links(world) < expected && world.scheduler().now() < LONGEST.toNanos()) {
        world.run(STEP);
      }
      report(world, hubs, (System.nanoTime() - start) / 1_000_000);
      assertThat(links(world)).isEqualTo(expected);
      assertThat(world.running()).allMatch(ScaleTest::seesAllUp);
    }
  }

  private static int links(int nses, int hubs) {
    return hubs == 0 ? nses * (nses - 1) / 2 : hubs * (nses - hubs) + hubs * (hubs - 1) / 2;
  }

  private static int links(World world) {
    return world.running().stream().mapToInt(nse -> nse.client().size()).sum();
  }

  private static boolean seesAllUp(Nse nse) {
    return nse.mesh().status().stream().allMatch(peer -> peer.state() == PeerState.UP);
  }

  private static void report(World world, int hubs, long millis) {
    IntSummaryStatistics perNse =
        world.nodes().stream().mapToInt(node -> node.kernel.size()).summaryStatistics();
    System.gc();
    Runtime memory = Runtime.getRuntime();
    System.out.printf(
        "scale: %d NSEs, %d hubs: %d links, %d to %d per NSE, %d calls, %d MiB, %d ms%n",
        world.nodes().size(),
        hubs,
        links(world),
        perNse.getMin(),
        perNse.getMax(),
        world.calls(),
        (memory.totalMemory() - memory.freeMemory()) >> 20,
        millis);
  }
}
