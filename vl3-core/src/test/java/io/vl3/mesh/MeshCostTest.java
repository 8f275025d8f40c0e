package io.vl3.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.vl3.endpoint.ManualExecutor;
import io.vl3.failure.EndpointException;
import io.vl3.mesh.InProcessMesh.Nse;
import io.vl3.time.FakeTimer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a link costs must not grow with how many there are. Counted in bytes allocated, which tell
 * of every list that is copied and every peer that is looked at in vain; the same on any machine.
 */
class MeshCostTest {

  private static final int FEW = 25;
  private static final int MANY = 120;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void oneMore_costsAsMuchPerLink_howeverManyThereAre() throws Exception {
    assertThat(bytesPerLinkOfOneMore(FEW)).as("loads classes").isPositive();
    long withFew = bytesPerLinkOfOneMore(FEW);
    assertThat(bytesPerLinkOfOneMore(MANY)).isLessThan(withFew * 5 / 4);
  }

  private long bytesPerLinkOfOneMore(int nses) throws EndpointException {
    ManualExecutor executor = new ManualExecutor();
    FakeTimer timer = new FakeTimer();
    InProcessMesh mesh = new InProcessMesh(executor, timer);
    List<ProbeLinks> probes = new ArrayList<>();
    for (int i = 0; i < nses; i++) {
      probes.add(start(mesh, i, executor, timer));
      executor.runAll();
      timer.advance(Duration.ofMillis(1)); // the later registered dials
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    probes.add(start(mesh, nses, executor, timer));
    executor.runAll();
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(mesh.fault()).isEmpty();
    probes.forEach(ProbeLinks::close);
    return allocated / nses;
  }

  private static ProbeLinks start(
      InProcessMesh mesh, int i, ManualExecutor executor, FakeTimer timer)
      throws EndpointException {
    Nse nse = mesh.start("nse-" + i, "10.60." + i + ".0/24");
    ProbeLinks probes =
        new ProbeLinks(nse.mesh(), link -> true, ProbeLinks.Settings.DEFAULT, executor, timer);
    probes.start();
    return probes;
  }
}
