package io.vl3.cli.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.process.Wait;
import io.vl3.connection.Connection;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.linux.Netns;
import io.vl3.linux.links.KernelLinks;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import io.vl3.mesh.InProcessMesh;
import io.vl3.mesh.InProcessMesh.Nse;
import io.vl3.mesh.PeerState;
import io.vl3.mesh.ProbeLinks;
import io.vl3.time.FakeTimer;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * What it costs an NSE to probe its links to 99 peers: 99 veth pairs, real pings and real threads.
 * The rounds begin when the test says so, one after the other, and the processor time of a round is
 * put in relation to the time between two. It is printed, and bounded by {@code -Pload} only, which
 * has rounds enough for the compiler to be done; docs/performance.md has the command.
 */
@RequiresNetns
class ProbeLoadTest {

  private static final int PEERS = 99;
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final Duration EVERY = ProbeLinks.Settings.DEFAULT.every();

  /** Long enough for a busy machine: no probe is repeated for want of an answer. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** As many as begin in the time by themselves. */
  private static final int ROUNDS =
      (int) Duration.ofSeconds(Integer.getInteger("vl3.load.seconds", 5)).dividedBy(EVERY);

  private static final double MOST_PERCENT =
      Double.parseDouble(System.getProperty("vl3.load.percent", "Infinity"));

  private final Threads threads = new Threads();
  private final InProcessMesh mesh = new InProcessMesh(threads.blocking(), threads.timer(), LIFE);

  /** By which rounds of probes begin. */
  private final FakeTimer clock = new FakeTimer();

  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();

  @Test
  void ninetyNinePeers_areProbedOnceARound_forLittleProcessorTime() throws Exception {
    try (threads;
        TestNetns namespaces = new TestNetns("load")) {
      Netns own = namespaces.add("nse");
      wire(name(own), name(namespaces.add("peers")));
      for (int i = 0; i <= PEERS; i++) {
        mesh.start("nse-" + i, "10.60." + i + ".0/24");
      }
      Wait.until(() -> "mesh: " + mesh.fault(), () -> mesh.fault().isEmpty());
      Nse nse = mesh.nse("nse-" + PEERS);
      ProbeLinks probes = probes(nse, own);
      probes.start();
      Wait.until(() -> "peers: " + nse.mesh().status(), () -> allUp(nse));
      Wait.until(() -> "answers: " + answered, () -> answered.get() == asked.get());
      Use warmUp = rounds();
      Use use = rounds();
      System.out.printf("probes of %d peers: %s; before that: %s%n", PEERS, use, warmUp);
      assertThat(allUp(nse)).isTrue();
      assertThat(use.percent()).isLessThan(MOST_PERCENT);
      probes.close();
    }
  }

  private static String name(Netns netns) {
    return netns.path().getFileName().toString();
  }

  private static boolean allUp(Nse nse) {
    return nse.mesh().status().stream().allMatch(peer -> peer.state() == PeerState.UP);
  }

  private ProbeLinks probes(Nse nse, Netns netns) {
    return new ProbeLinks(
        nse.mesh(),
        new Counted(KernelLinks.probing(netns, TIMEOUT), asked, answered),
        ProbeLinks.Settings.DEFAULT,
        threads.blocking(),
        clock);
  }

  /** Every round asks each peer once, and gets its answer. */
  private Use rounds() throws Exception {
    Duration before = processorTime();
    for (int round = 0; round < ROUNDS; round++) {
      long all = answered.get() + PEERS;
      clock.advance(EVERY);
      Wait.until(() -> answered + " answers", () -> answered.get() >= all);
      assertThat(asked).hasValue(all);
    }
    return new Use(processorTime().minus(before), ROUNDS);
  }

  private static Duration processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
  }

  private record Counted(LivenessProbe probe, AtomicLong asked, AtomicLong answered)
      implements LivenessProbe {

    @Override
    public boolean alive(Connection connection) {
      throw new AssertionError("probe: blocks (expected: one that is begun only)");
    }

    @Override
    public CompletionStage<Boolean> begin(Connection connection, Executor executor) {
      asked.incrementAndGet();
      return probe
          .begin(connection, executor)
          .whenComplete(
              (alive, failure) -> {
                if (failure == null && alive) {
                  answered.incrementAndGet();
                }
              });
    }
  }

  /** Processor time of this process for some rounds. */
  private record Use(Duration processor, int rounds) {

    double percent() {
      return 100.0 * processor.toNanos() / EVERY.multipliedBy(rounds).toNanos();
    }

    @Override
    public String toString() {
      return "%.1f %% of a core, %d rounds, %d us for a probe"
          .formatted(
              percent(), rounds, processor.dividedBy((long) rounds * PEERS).toNanos() / 1000);
    }
  }

  /** A link to each peer, at whose other end is the peer's first address. */
  private static void wire(String own, String peers) throws Exception {
    ip(own, "link add v%1$d type veth peer name v%1$d netns " + peers);
    ip(own, "addr add 10.61.%1$d.1 peer 10.60.%1$d.0 dev v%1$d");
    ip(peers, "addr add 10.60.%1$d.0 peer 10.61.%1$d.1 dev v%1$d");
    ip(own, "link set v%1$d up");
    ip(peers, "link set v%1$d up");
  }

  /** The same in a namespace for each link. */
  private static void ip(String netns, String command) throws Exception {
    Process ip =
        new ProcessBuilder("ip", "-n", netns, "-batch", "-").redirectErrorStream(true).start();
    try (OutputStream in = ip.getOutputStream()) {
      for (int i = 0; i < PEERS; i++) {
        in.write((command.formatted(i) + "\n").getBytes(UTF_8));
      }
    }
    String said = new String(ip.getInputStream().readAllBytes(), UTF_8);
    assertThat(ip.waitFor()).as(said).isZero();
  }
}
