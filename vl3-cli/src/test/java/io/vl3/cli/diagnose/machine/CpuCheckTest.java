package io.vl3.cli.diagnose.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.admin.v1.Nse;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.CpuPeriods;
import io.vl3.cli.diagnose.scene.Scenes;
import io.vl3.health.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** At the limits: a fifth of the periods, and a hundred of them since ever. */
class CpuCheckTest {

  private static final String STAT = "sys/fs/cgroup/pod/cpu.stat";

  @TempDir private Path root;

  @Test
  void aFifthOfThePeriodsMeanwhile_isAnError() throws IOException {
    assertThat(severities(periods(1_005, 1), periods(1_000, 0))).containsExactly(Severity.ERROR);
    assertThat(severities(periods(1, 1), periods(0, 0))).containsExactly(Severity.ERROR);
  }

  @Test
  void lessThanAFifth_isNone() throws IOException {
    assertThat(severities(periods(1_006, 1), periods(1_000, 0))).isEmpty();
    assertThat(severities(periods(1_000, 199), periods(1_000, 199))).isEmpty();
  }

  @Test
  void aFifthSinceEver_isAWarning_onceThereAreAHundred() throws IOException {
    assertThat(severities(periods(100, 20), periods(100, 20))).containsExactly(Severity.WARNING);
    assertThat(severities(periods(100, 19), periods(100, 19))).isEmpty();
    assertThat(severities(periods(99, 99), periods(99, 99))).isEmpty();
  }

  private static CpuPeriods periods(long all, long throttled) {
    return new CpuPeriods(all, throttled);
  }

  private List<Severity> severities(CpuPeriods now, CpuPeriods before) throws IOException {
    record("proc/7/cgroup", "0::/pod\n");
    record(STAT, "nr_periods %d\nnr_throttled %d\n".formatted(now.all(), now.throttled()));
    return new CpuCheck()
        .look(Scenes.of(Nse.getDefaultInstance(), root, Map.of(STAT, before))).findings().stream()
            .map(Finding::severity)
            .toList();
  }

  private void record(String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
  }
}
