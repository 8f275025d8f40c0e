package io.vl3.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.linux.testing.RequiresNetns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workloads that come and go at real processes, over real links, with 5 % of them going wrong: at
 * the end every store is as it was before, and nothing grows meanwhile. {@code -Psoak} takes an
 * hour, {@code -Dvl3.soak.seed=N} draws the same operations and faults again.
 */
@RequiresNetns
class SoakTest {

  private static final Duration RUN = Duration.ofSeconds(Long.getLong("vl3.soak.seconds", 20));
  private static final long SEED = Long.getLong("vl3.soak.seed", 20_261_202);

  /** From so long on, the last quarter is compared with the second one. */
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(10);

  @TempDir private Path dir;

  @Test
  void whateverComesAndGoes_everyStoreEmpties_andNothingGrows() throws Exception {
    Readings readings = new Readings();
    try (SoakNetwork network = new SoakNetwork(dir);
        SoakClients clients = new SoakClients(network.runDirectory())) {
      Tally tally = new Tally(network.outages(), network.mortal());
      Forsaken forsaken = new Forsaken();
      SoakWatch watch = new SoakWatch(network, forsaken, readings, RUN);
      watch.before();
      try (Churn churn = new Churn(network, clients, forsaken, tally, SEED)) {
        watch.during(() -> churn.run(RUN));
      }
      List<String> left = watch.after();
      report(readings, tally, forsaken, network);
      assertThat(tally.unexplained()).as("failed, seed %d; %s", SEED, network.words()).isEmpty();
      assertThat(tally.operations()).isPositive();
      assertThat(forsaken.late()).as("links that outlive their tokens").isEmpty();
      assertThat(left).as("left, seed %d; %s", SEED, network.words()).isEmpty();
      assertThat(watch.trouble()).as("not measured").isEmpty();
      assertThat(grown(readings, network)).as("grown, seed %d", SEED).isEmpty();
      network.stop();
    }
    assertThat(Vitals.ownNamespaces()).isEmpty();
  }

  private static List<String> grown(Readings readings, SoakNetwork network) {
    List<String> rows = new ArrayList<>(network.steady());
    rows.add(SoakWatch.CLIENTS);
    rows.add(SoakWatch.MACHINE);
    if (RUN.compareTo(LONG_ENOUGH) >= 0) {
      return rows.stream().flatMap(row -> readings.grown(row).stream()).toList();
    }
    return network.steady().stream().flatMap(nse -> readings.swollen(nse).stream()).toList();
  }

  private static void report(
      Readings readings, Tally tally, Forsaken forsaken, SoakNetwork network) {
    System.out.printf(
        "soak: %s, seed %d; %s has had %d lives; %d namespaces were left by their clients%n",
        RUN, SEED, network.mortal(), network.lives(), forsaken.emptied());
    System.out.print(tally.text());
    System.out.print(readings.table());
  }
}
