package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The units of examples/systemd, as systemd's own checker sees them. */
class SystemdUnitsTest {

  private static final Path UNITS = Path.of("../examples/systemd");

  /** What no unit may have: a mount namespace of its own hides the pins of network namespaces. */
  private static final List<String> MOUNTS =
      List.of("ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateMounts", "ProtectKernel");

  @TempDir private Path directory;

  @Test
  void units_areClean() throws Exception {
    Path checker = Path.of("/usr/bin/systemd-analyze");
    boolean strict = Boolean.getBoolean("vl3.strict");
    Assumptions.assumeTrue(strict || Files.exists(checker), "systemd-analyze is missing");
    List<String> line = new ArrayList<>(List.of(checker.toString(), "verify"));
    for (Path unit : units()) {
      // An instance, whose program is on this machine.
      String name = String.valueOf(unit.getFileName()).replace("@.", "@nse-1.");
      String text = Files.readString(unit).replace("/opt/vl3/bin/vl3", "/bin/true");
      line.add(Files.writeString(directory.resolve(name), text).toString());
    }
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
  }

  @Test
  void units_leaveTheMountNamespaceAlone() throws IOException {
    for (Path unit : units()) {
      List<String> settings =
          Files.readAllLines(unit).stream().filter(each -> !each.startsWith("#")).toList();
      assertThat(settings)
          .as(unit.toString())
          .noneMatch(each -> MOUNTS.stream().anyMatch(each::startsWith));
    }
  }

  private static List<Path> units() throws IOException {
    try (Stream<Path> files = Files.list(UNITS)) {
      List<Path> units =
          files.filter(file -> file.toString().endsWith(".service")).sorted().toList();
      assertThat(units).hasSize(2);
      return units;
    }
  }
}
