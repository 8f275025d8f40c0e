package io.vl3.cli.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.process.Wait;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import io.vl3.mesh.InProcessMesh;
import io.vl3.mesh.InProcessMesh.Nse;
import io.vl3.mesh.PeerState;
import io.vl3.mesh.ProbeLinks;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What it costs an NSE to probe its links to 99 peers: 99 veth pairs, real pings, real threads and
 * the real clock; nothing else happens meanwhile. Prints the share of one core.
 *
 * <p>Longer, for docs/performance.md: {@code -Dvl3.load.seconds=30}.
 */
@RequiresNetns
class ProbeLoadTest {

  private static final int PEERS = 99;
  private static final Duration TIMEOUT = Duration.ofMillis(500);
  private static final int SECONDS = Integer.getInteger("vl3.load.seconds", 5);

  private final Threads threads = new Threads();
  private final InProcessMesh mesh = new InProcessMesh(threads.blocking(), threads.timer());

  @Test
  void ninetyNinePeers_areProbedForAFewPercentOfACore() throws Exception {
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
      share(SECONDS); // compiled by now
      double percent = share(SECONDS);
      System.out.printf(
          "probes of %d peers: %.1f %% of a core over %d s%n", PEERS, percent, SECONDS);
      assertThat(allUp(nse)).isTrue();
      assertThat(percent).isLessThan(10);
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
        new PingOtherSide(netns.url(), TIMEOUT),
        ProbeLinks.Settings.DEFAULT,
        threads.blocking(),
        threads.timer());
  }

  /** Processor time of this process per time passed, in percent. */
  private static double share(int seconds) throws InterruptedException {
    Duration before = processorTime();
    long start = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds); // what is measured is what happens by itself
    long passed = System.nanoTime() - start;
    return 100.0 * processorTime().minus(before).toNanos() / passed;
  }

  private static Duration processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
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
