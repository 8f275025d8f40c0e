package io.vl3.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.endpoint.LeakCheck;
import io.vl3.mesh.InProcessMesh.Nse;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The mesh with real threads; time still stands until it is moved. */
class ThreadedMeshTest {

  /** The budgets for work and waiting; a busy machine cannot keep them: they stand in a profile. */
  private static final double CONVERGED_SECONDS = budget("vl3.load.converged.seconds");

  private static final double HEALED_SECONDS = budget("vl3.load.healed.seconds");

  private final FakeTimer timer = new FakeTimer();
  private final TrackedExecutor executor = new TrackedExecutor(16);
  private final InProcessMesh mesh = new InProcessMesh(executor, timer);

  @RegisterExtension final LeakCheck leaks = new LeakCheck();

  @AfterEach
  void stop() {
    executor.close();
  }

  @RepeatedTest(20)
  void crossingDials_endInOneLink_dialledByTheLater() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    Nse earlier = mesh.start("nse-0", "10.60.0.0/24");
    executor.awaitIdle();
    earlier.gate(() -> meet(both));
    Nse later = mesh.start("nse-1", "10.60.1.0/24");
    later.gate(() -> meet(both));
    timer.advance(Duration.ofSeconds(10));
    executor.awaitIdle();
    for (int i = 0; i < 30; i++) {
      timer.advance(Duration.ofSeconds(1));
      executor.awaitIdle();
    }
    assertThat(mesh.fault()).isEmpty();
    assertThat(later.client().size()).isEqualTo(1);
    assertThat(earlier.status("nse-1").dialler()).isEqualTo(Dialler.PEER);
  }

  @Test
  void aHundredNses_converge_andHealARestart() throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      mesh.start("nse-" + i, "10.60." + i + ".0/24");
    }
    int tenths = converge();
    long converged = millisSince(start);
    assertThat(links()).isEqualTo(4950);
    assertThat(converged / 1e3 + tenths / 10.0).isLessThan(CONVERGED_SECONDS);

    start = System.nanoTime();
    Nse killed = mesh.kill("nse-50");
    mesh.start("nse-50", "10.60.50.0/24", Optional.of(killed.self()));
    int healingTenths = converge();
    long healed = millisSince(start);
    assertThat(links()).isEqualTo(4950);
    assertThat(healed / 1e3 + healingTenths / 10.0).isLessThan(HEALED_SECONDS);

    List<Nse> all = List.copyOf(mesh.nses());
    for (Nse nse : all) {
      nse.stop();
    }
    executor.awaitIdle();
    assertThat(all.stream().mapToInt(Nse::stored).sum()).isZero();
    System.out.printf(
        "mesh of 100 NSEs, 4950 links: %d ms and %d.%d s of waiting;"
            + " one restarted: %d ms and %d.%d s of waiting%n",
        converged, tenths / 10, tenths % 10, healed, healingTenths / 10, healingTenths % 10);
  }

  private static double budget(String property) {
    return Double.parseDouble(System.getProperty(property, "Infinity"));
  }

  private int links() {
    return mesh.nses().stream().mapToInt(nse -> nse.client().size()).sum();
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }

  /** The first request to each side waits for the other's; later ones pass. */
  private static void meet(CountDownLatch both) {
    both.countDown();
    try {
      if (!both.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("dials: one (expected: two that cross)");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Lets time pass in tenths of a second until all are linked; answers how many it took. */
  private int converge() throws InterruptedException {
    executor.awaitIdle();
    int tenths = 0;
    while (mesh.fault().isPresent() && tenths < 200) {
      timer.advance(Duration.ofMillis(100));
      executor.awaitIdle();
      tenths++;
    }
    assertThat(mesh.fault()).isEmpty();
    return tenths;
  }
}
