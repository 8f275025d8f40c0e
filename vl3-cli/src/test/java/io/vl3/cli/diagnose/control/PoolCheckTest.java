package io.vl3.cli.diagnose.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.Pool;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Scenes;
import io.vl3.health.Severity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** At the limits: 95 %, and all. */
class PoolCheckTest {

  @TempDir private Path root;

  @Test
  void ninetyFivePercent_areAWarning_andAllIsAnError() {
    assertThat(severities(940, 9)).isEmpty();
    assertThat(severities(941, 9)).containsExactly(Severity.WARNING);
    assertThat(severities(990, 9)).containsExactly(Severity.WARNING);
    assertThat(severities(991, 9)).containsExactly(Severity.ERROR);
  }

  private List<Severity> severities(int taken, int excluded) {
    Pool pool =
        Pool.newBuilder()
            .setPrefix("10.0.0.0/22")
            .setAddresses(1_000)
            .setTaken(taken)
            .setExcluded(excluded)
            .build();
    Nse nse = Nse.newBuilder().setName("a").addPools(pool).build();
    return new PoolCheck()
        .look(Scenes.of(nse, root, Map.of())).findings().stream().map(Finding::severity).toList();
  }
}
