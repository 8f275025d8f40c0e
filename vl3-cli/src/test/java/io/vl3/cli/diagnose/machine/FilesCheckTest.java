package io.vl3.cli.diagnose.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.admin.v1.Nse;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Scenes;
import io.vl3.health.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** At the limits: three quarters, and 95 %. */
class FilesCheckTest {

  @TempDir private Path root;

  @Test
  void threeQuarters_areAWarning_and95PercentAnError() throws IOException {
    Files.createDirectories(root.resolve("proc/7/fd"));
    Files.writeString(
        root.resolve("proc/7/limits"),
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max open files            100                  4096                 files
        """);
    assertThat(severitiesWith(74)).isEmpty();
    assertThat(severitiesWith(75)).containsExactly(Severity.WARNING);
    assertThat(severitiesWith(94)).containsExactly(Severity.WARNING);
    assertThat(severitiesWith(95)).containsExactly(Severity.ERROR);
  }

  private List<Severity> severitiesWith(int open) throws IOException {
    for (int number = 0; number < open; number++) {
      Path file = root.resolve("proc/7/fd/" + number);
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
    }
    return new FilesCheck()
        .look(Scenes.of(Nse.getDefaultInstance(), root, Map.of())).findings().stream()
            .map(Finding::severity)
            .toList();
  }
}
