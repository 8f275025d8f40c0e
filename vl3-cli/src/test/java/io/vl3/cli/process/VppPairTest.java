package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.assembly.Node;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.nsm.NsmClient;
import io.vl3.vpp.AskMemif;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two {@code vl3 run}, each with a real VPP and a real vpp-agent, and workloads over memif on a
 * third VPP. Where the programs are is given, see docs/vpp.md; how long the pair is watched too:
 * {@code -Dvl3.vpp.minutes}, and how often each program is ended: {@code -Dvl3.vpp.rounds}.
 */
@EnabledIfSystemProperty(
    named = "vl3.vpp",
    matches = ".+",
    disabledReason = "no VPP given: -Dvl3.vpp=PROGRAM")
@RequiresNetns
class VppPairTest {

  private static final String CONFIG =
      """
      endpoints:
      - name: vpp-pair
        nseName: %s
        vl3:
          ipam: {defaultPrefixPool: 10.60.0.0/16, prefixLength: 20, prefixIndex: %d}
      dataplane:
        type: vpp-agent
        address: 127.0.0.1:%d
        memif: {socketDirectory: %s}
      """;

  private static final List<String> ENDS =
      List.of(System.getProperty("vl3.vpp.ends", "nse,agent,vpp").split(","));
  private static final int LINKS = Integer.getInteger("vl3.vpp.links", 200);
  private static final Duration BACK = Duration.ofSeconds(10);
  private static final Duration WATCHED = Duration.ofSeconds(12);
  private static final Duration QUIET = Duration.ofSeconds(5);
  private static final int ROUNDS = Integer.getInteger("vl3.vpp.rounds", 1);
  private static final int MINUTES = Integer.getInteger("vl3.vpp.minutes", 1);

  /** Whether the manager is this process's, so that an NSE that ends does not take it along. */
  private static final boolean MANAGER_APART = Boolean.getBoolean("vl3.vpp.manager-apart");

  @TempDir private Path directory;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<MemifWorkload> workloads = new ArrayList<>();
  private final Map<Side, Vl3Process> runs = new LinkedHashMap<>();
  private MemifPairs pairs;
  private Machine machine;
  private Side one;
  private Side two;

  /** An endpoint with its VPP and agent. */
  private record Side(String name, String config, RealVpp vpp, RealAgent agent) {}

  @BeforeEach
  void start() throws Exception {
    machine = opened(new Machine(directory));
    one = side("one", 1);
    two = side("two", 2);
    RealVpp third = opened(new RealVpp(directory, "workloads"));
    third.await();
    Optional<Node> before = MANAGER_APART ? Optional.of(node()) : Optional.empty();
    runs.put(one, machine.run(one.name, one.config));
    runs.put(two, machine.run(two.name, two.config));
    Node node = before.isPresent() ? before.get() : node();
    int table = 0;
    for (Side side : List.of(one, one, two, two)) {
      String name = "w" + ++table;
      NsmClient client =
          opened(
              NsmClient.builder(node.runtime(), node.manager(), name)
                  .element(new AskMemif(Optional.empty()))
                  .keepEndpoint(true)
                  .build());
      workloads.add(new MemifWorkload(third, client, name, side.name, table).attach());
    }
    pairs = opened(new MemifPairs(workloads));
    within(Duration.ofSeconds(60), () -> pairs.silent().isEmpty());
  }

  private Node node() throws Exception {
    return opened(Node.join(machine.runDirectory(), Optional.empty()));
  }

  @AfterEach
  void stop() throws Exception {
    Collections.reverse(open);
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void healthyPair_isLeftAlone_andEverybodyAnswers() throws Exception {
    List<String> before = said();
    Map<String, Long> received = received();
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    int rounds = 0;
    while (System.nanoTime() < end) {
      Set<String> silent = pairs.silent();
      if (!silent.isEmpty()) { // a busy machine may answer one ping late
        silent.retainAll(pairs.silent());
      }
      assertThat(silent).as("pairs without two answers, round " + rounds).isEmpty();
      assertThat(wrongRoutes()).isEmpty();
      Map<String, Long> now = received();
      assertThat(now.keySet()).isEqualTo(received.keySet());
      received.forEach(
          (face, packets) ->
              assertThat(now.get(face))
                  .as("packets of %s, which begin at 0 when it is made anew", face)
                  .isGreaterThan(packets));
      received = now;
      rounds++;
      pause(Duration.ofSeconds(5));
    }
    System.out.printf("%d minutes, %d rounds of 12 pairs%n", MINUTES, rounds);
    assertThat(said()).as("lines above INFO, and of mending").isEqualTo(before);
  }

  @Test
  void whateverEnds_everybodyIsBackInTenSeconds_andNoRouteIsWrong() throws Exception {
    Map<String, List<Double>> times = new LinkedHashMap<>();
    List<String> faults = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (boolean killed : new boolean[] {false, true}) {
        for (String what : ENDS) {
          String title = what + (killed ? " killed" : " restarted");
          end(what, killed);
          double seconds = startAgainUntilBack(what);
          times.computeIfAbsent(title, none -> new ArrayList<>()).add(seconds);
          System.out.printf("%s, round %d: back after %.1f s%n", title, round, seconds);
          if (seconds > BACK.toSeconds()) {
            faults.add("%s, round %d: %.1f s".formatted(title, round, seconds));
          }
          wrongRoutes().forEach(wrong -> faults.add(title + ": " + wrong));
        }
      }
    }
    times.forEach(
        (title, all) -> System.out.printf("%s: %s%n", title, all.stream().sorted().toList()));
    assertThat(faults).isEmpty();
  }

  /** Prints what processor time each spends; the workloads of this process are not counted. */
  @Test
  void manyLinks_costTheEndpointSoMuch() throws Exception {
    Map<String, Duration> before = processorTimes();
    Node node = node();
    NsmClient client =
        opened(
            NsmClient.builder(node.runtime(), node.manager(), "many")
                .element(new AskMemif(Optional.empty()))
                .build());
    for (int n = 0; n < LINKS; n++) {
      client.request(
          ConnectionRequest.of(
              Connection.to("vpp-pair")
                  .withEndpointName(one.name)
                  .withLabels(Map.of("podName", "many-" + n))));
    }
    Map<String, Duration> links = processorTimes();
    pause(Duration.ofSeconds(20));
    Map<String, Duration> after = processorTimes();
    before.forEach(
        (who, time) ->
            System.out.printf(
                "%s: %d ms before, %d ms for %d links, then %d ms in 20 s%n",
                who,
                time.toMillis(),
                links.get(who).minus(time).toMillis(),
                LINKS,
                after.get(who).minus(links.get(who)).toMillis()));
    assertThat(links).hasSameSizeAs(before);
  }

  private Map<String, Duration> processorTimes() {
    Map<String, Duration> times = new LinkedHashMap<>();
    ProcessHandle.allProcesses()
        .forEach(
            process -> {
              String line = ThreadTimes.commandLine(process);
              for (String who : List.of("one.yaml", "agent-one", "vpp-one")) {
                if (line.contains(directory.resolve(who).toString())) {
                  times.put(who, process.info().totalCpuDuration().orElse(Duration.ZERO));
                }
              }
            });
    return times;
  }

  private void end(String what, boolean killed) throws Exception {
    switch (what) {
      case "nse" -> {
        Vl3Process run = java.util.Objects.requireNonNull(runs.get(one));
        if (killed) {
          run.kill();
        } else {
          run.stop();
        }
      }
      case "agent" -> one.agent.end(killed);
      default -> one.vpp.end(killed);
    }
  }

  private void startAgain(String what) throws Exception {
    switch (what) {
      case "nse" -> runs.put(one, machine.run(one.name, one.config));
      case "agent" -> one.agent.start();
      default -> {
        one.vpp.start();
        one.vpp.await();
      }
    }
  }

  /**
   * Starts again what ended, and answers the seconds from that start until every pair answers for
   * good: an agent that starts again lets packets pass for a moment before it removes everything.
   */
  private double startAgainUntilBack(String what) throws Exception {
    long begin = System.nanoTime();
    startAgain(what);
    System.out.printf("%s is there after %.1f s%n", what, (System.nanoTime() - begin) / 1e9);
    long bad = begin;
    for (long now = begin;
        now - begin < WATCHED.toNanos() || now - bad < QUIET.toNanos();
        now = System.nanoTime()) {
      one.agent.keep();
      if (!pairs.silent().isEmpty() || !wrongRoutes().isEmpty()) {
        bad = System.nanoTime();
      }
      assertThat(Duration.ofNanos(now - begin))
          .as(() -> pairs.lastSilent() + " " + wrongRoutes())
          .isLessThan(Duration.ofMinutes(2));
    }
    return (bad - begin) / 1e9;
  }

  /** Where a VPP sends packets for workloads otherwise than it should. */
  private List<String> wrongRoutes() {
    List<String> wrong = new ArrayList<>();
    for (Side side : List.of(one, two)) {
      Map<String, Set<String>> routes = side.vpp.routes("ip");
      for (MemifWorkload workload : workloads) {
        String prefix = workload.address() + "/32";
        Set<String> over = routes.getOrDefault(prefix, new TreeSet<>());
        Set<String> wanted =
            workload.endpoint().equals(side.name) ? Set.of(workload.socket()) : Set.of();
        if (!over.equals(wanted)) {
          wrong.add("%s: %s over %s (expected: %s)".formatted(side.name, prefix, over, wanted));
        }
      }
      routes.forEach(
          (prefix, over) -> {
            if (over.size() != 1) {
              wrong.add("%s: %s over %s (expected: one)".formatted(side.name, prefix, over));
            }
          });
    }
    return wrong;
  }

  private Map<String, Long> received() {
    Map<String, Long> received = new LinkedHashMap<>();
    for (Side side : List.of(one, two)) {
      side.vpp.received().forEach((face, packets) -> received.put(side.name + " " + face, packets));
    }
    return received;
  }

  private List<String> said() throws Exception {
    List<String> lines = new ArrayList<>();
    for (Vl3Process run : runs.values()) {
      run.output()
          .lines()
          .filter(
              line -> line.contains("WARN") || line.contains("ERROR") || line.contains("mended"))
          .forEach(lines::add);
    }
    return lines;
  }

  private void within(Duration limit, Callable<Boolean> condition) throws Exception {
    Wait.until((int) limit.toSeconds(), () -> pairs.lastSilent() + " " + wrongRoutes(), condition);
  }

  private static void pause(Duration time) throws InterruptedException {
    var unused = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Side side(String name, int index) throws Exception {
    RealVpp vpp = opened(new RealVpp(directory, name));
    vpp.await();
    RealAgent agent = opened(new RealAgent(directory, name, 19110 + index, vpp));
    String config = CONFIG.formatted(name, index, agent.port(), directory.resolve("sockets"));
    return new Side(name, config, vpp, agent);
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    open.add(closeable);
    return closeable;
  }
}
