package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The state that an earlier version wrote is read by this one; see the README.md beside it. */
@RequiresNetns
class UpgradeTest {

  private static final Path STATE = Path.of("src/test/resources/io/vl3/cli/process/state-96eab6f");
  private static final String NSE = "vl3upnse";
  private static final String WORKLOAD = "vl3upnew";

  @TempDir private Path directory;
  private Machine machine;

  @BeforeEach
  void copy() throws IOException {
    machine = new Machine(directory);
    try (Stream<Path> files = Files.walk(STATE)) {
      for (Path file : files.toList()) {
        Path to = machine.runDirectory().resolve(STATE.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to);
        }
      }
    }
    Netns.createAll(List.of(WORKLOAD));
  }

  @AfterEach
  void end() throws IOException {
    machine.close();
    Netns.delete(WORKLOAD);
  }

  /**
   * Both workloads of then may come back within ten minutes, so the third pair of addresses is the
   * first free one. They are known by the inode of their namespaces, which a test cannot have
   * again.
   */
  @Test
  void addressesOfWorkloads_areKeptForThem_andTheManagerKeepsItsName() throws Exception {
    Vl3Process run =
        machine.run(
            NSE, Files.readString(STATE.resolve("nse.yaml")), Map.of("NSM_LOG_LEVEL", "INFO"));
    assertThat(run.output()).contains("manager " + managerName());
    machine.client("upgrade", List.of(Netns.named(WORKLOAD)));
    assertThat(Machine.awaitAddress(Netns.named(WORKLOAD), "10.66.")).isEqualTo("10.66.3.9");
    assertThat(run.output()).doesNotContain("left out", "cannot be read", "checksum");
    assertThat(machine.runDirectory().resolve("journal/" + NSE + ".journal")).exists();
  }

  private static String managerName() throws IOException {
    String text = Files.readString(STATE.resolve("manager.json"));
    return text.replaceFirst("(?s).*\"name\" : \"([^\"]*)\".*", "$1");
  }
}
