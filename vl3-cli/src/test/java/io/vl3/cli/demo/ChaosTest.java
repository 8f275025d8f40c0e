package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random faults on real processes and links, under pings between all workloads and a TCP transfer.
 * {@code -Dvl3.chaos.seed=N} replays the order of faults, {@code -Pchaos} takes ten minutes.
 */
@RequiresNetns
class ChaosTest {

  private static final Duration RUN = Duration.ofSeconds(Long.getLong("vl3.chaos.seconds", 60));
  private static final long SEED = Long.getLong("vl3.chaos.seed", 20_261_125);

  /**
   * The product promises 5 s, on a machine that is its own: the profile asserts that. A busy one
   * only has to recover at all.
   */
  private static final Duration RECOVERED =
      Duration.ofSeconds(Long.getLong("vl3.chaos.recovered.seconds", 60));

  /** How many faults there have to be; how many a busy machine gets through is its own affair. */
  private static final int FAULTS = Integer.getInteger("vl3.chaos.faults", 1);

  /** How long to look on, to tell slow from never. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path dir;

  @Test
  void whateverBreaks_everyPairAnswersSoonAfter_andNothingIsLeft() throws Exception {
    List<String> namespacesBefore = Netns.list("");
    Map<Fault, List<Duration>> recoveries = new TreeMap<>();
    try (LiveNetwork live = LiveNetwork.start(new DemoSize(2, 2, 3), dir.resolve("demo"))) {
      List<WorkloadHost> hosts = live.hosts();
      WorkloadHost far = hosts.get(hosts.size() - 1);
      try (Transfer transfer =
          new Transfer(
              hosts.get(0).netns(),
              far.netns(),
              () -> live.addresses().getOrDefault(far.name(), "0.0.0.0"))) {
        rage(live, transfer, recoveries);
        assertThat(transfer.corrupt()).isZero();
      }
      assertThat(live.pings().addressesGivenTwice()).isEmpty();
    }
    assertThat(report(recoveries)).isGreaterThanOrEqualTo(FAULTS);
    assertThat(Netns.list("")).isEqualTo(namespacesBefore);
    assertThat(dir).isEmptyDirectory();
  }

  private static void rage(
      LiveNetwork live, Transfer transfer, Map<Fault, List<Duration>> recoveries) throws Exception {
    Random random = new Random(SEED);
    long end = System.nanoTime() + RUN.toNanos();
    while (System.nanoTime() < end) {
      long before = transfer.received();
      Map<String, String> addresses = live.addresses();
      Fault fault = Fault.draw(random);
      String whom = fault.strike(live, random);
      long over = System.nanoTime();
      assertThat(live.pings().awaitAll(over, PATIENCE))
          .as("silent after %s of %s, seed %d; %s", fault, whom, SEED, live.logs())
          .isEmpty();
      Duration took = Duration.ofNanos(System.nanoTime() - over);
      recoveries.computeIfAbsent(fault, f -> new ArrayList<>()).add(took);
      assertThat(took)
          .as("recovery after %s of %s, seed %d; %s", fault, whom, SEED, live.logs())
          .isLessThanOrEqualTo(RECOVERED);
      awaitMore(live, transfer, before, addresses);
    }
  }

  /**
   * The transfer goes on: TCP may wait for some seconds before it tries again. Where packets ended
   * at an endpoint, its workloads have moved to another one, with other addresses: for the TCP of
   * before nothing comes any more, which it would notice after a quarter of an hour.
   */
  private static void awaitMore(
      LiveNetwork live, Transfer transfer, long before, Map<String, String> addressesBefore)
      throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Map<String, String> known = addressesBefore;
    while (transfer.received() <= before) {
      Map<String, String> now = live.addresses();
      if (!now.equals(known)) {
        transfer.reconnect();
        known = now;
      }
      assertThat(System.nanoTime()).as("the transfer goes on").isLessThan(end);
      live.pings().awaitAll(System.nanoTime(), Duration.ofSeconds(1));
    }
  }

  /** Answers how many faults there were. */
  private static int report(Map<Fault, List<Duration>> recoveries) {
    List<Duration> all = recoveries.values().stream().flatMap(List::stream).sorted().toList();
    System.out.printf(
        "chaos: %d faults, seed %d, until every pair answers: %s%n", all.size(), SEED, line(all));
    recoveries.forEach(
        (fault, took) ->
            System.out.printf(
                "chaos: %-22s %3d x, %s%n",
                fault, took.size(), line(took.stream().sorted().toList())));
    return all.size();
  }

  private static String line(List<Duration> sorted) {
    return "median %d ms, worst %d ms"
        .formatted(
            sorted.get(sorted.size() / 2).toMillis(), sorted.get(sorted.size() - 1).toMillis());
  }
}
