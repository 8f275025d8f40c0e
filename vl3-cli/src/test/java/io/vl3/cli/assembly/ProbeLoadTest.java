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
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * What it costs an NSE to probe its links to 99 peers: 99 veth pairs, real pings, real threads and
 * the real clock. The links live for ten minutes, as NSM's do, so next to nothing else happens
 * meanwhile. Processor time is printed, and bounded by {@code -Pload} only, which takes long enough
 * for the compiler to be done; docs/performance.md has the command.
 */
@RequiresNetns
class ProbeLoadTest {

  private static final int PEERS = 99;
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final Duration EVERY = ProbeLinks.Settings.DEFAULT.every();

  /** Long enough for a busy machine: no probe is repeated for want of an answer. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final int SECONDS = Integer.getInteger("vl3.load.seconds", 5);
  private static final double MOST_PERCENT =
      Double.parseDouble(System.getProperty("vl3.load.percent", "Infinity"));

  private final Threads threads = new Threads();
  private final InProcessMesh mesh = new InProcessMesh(threads.blocking(), threads.timer(), LIFE);
  private final AtomicLong asked = new AtomicLong();

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
      Use warmUp = Use.of(asked, SECONDS);
      Use use = Use.of(asked, SECONDS);
      System.out.printf("probes of %d peers: %s; before that: %s%n", PEERS, use, warmUp);
      assertThat(allUp(nse)).isTrue();
      assertThat(use.probes()).isLessThanOrEqualTo(PEERS * (use.rounds() + 1));
      Wait.until(() -> asked + " probes", () -> asked.get() >= 5 * PEERS);
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
        new Counted(KernelLinks.probing(netns, TIMEOUT), asked),
        ProbeLinks.Settings.DEFAULT,
        threads.blocking(),
        threads.timer());
  }

  private record Counted(LivenessProbe probe, AtomicLong asked) implements LivenessProbe {

    @Override
    public boolean alive(Connection connection) {
      throw new AssertionError("probe: blocks (expected: one that is begun only)");
    }

    @Override
    public CompletionStage<Boolean> begin(Connection connection, Executor executor) {
      asked.incrementAndGet();
      return probe.begin(connection, executor);
    }
  }

  /** Processor time of this process while some time passed, and the probes in it. */
  private record Use(Duration passed, Duration processor, long probes) {

    static Use of(AtomicLong asked, int seconds) throws InterruptedException {
      long askedBefore = asked.get();
      Duration before = processorTime();
      long start = System.nanoTime();
      TimeUnit.SECONDS.sleep(seconds); // what is measured is what happens by itself
      Duration passed = Duration.ofNanos(System.nanoTime() - start);
      return new Use(passed, processorTime().minus(before), asked.get() - askedBefore);
    }

    private static Duration processorTime() {
      return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    /** Rounds that begin in the time at most. */
    long rounds() {
      return passed.dividedBy(EVERY) + 1;
    }

    double percent() {
      return 100.0 * processor.toNanos() / passed.toNanos();
    }

    @Override
    public String toString() {
      return "%.1f %% of a core over %d s, %d probes, %d us each"
          .formatted(
              percent(),
              passed.toSeconds(),
              probes,
              processor.dividedBy(Math.max(1, probes)).toNanos() / 1000);
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
