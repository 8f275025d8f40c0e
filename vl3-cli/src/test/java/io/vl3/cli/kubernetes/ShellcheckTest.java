package io.vl3.cli.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.testing.RequiresCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Shellcheck finds nothing in the scripts. */
@RequiresCommand(value = "shellcheck", packages = "shellcheck")
class ShellcheckTest {

  @Test
  void scripts_areClean() throws IOException {
    List<String> line = new ArrayList<>(List.of("shellcheck", "--external-sources"));
    try (Stream<Path> files = Files.list(FakeCluster.SCRIPTS)) {
      files.map(Path::toString).filter(file -> file.endsWith(".sh")).sorted().forEach(line::add);
    }
    assertThat(line).hasSizeGreaterThan(6);
    line.add(Chart.KUBERNETES.resolve("tools/build-apiserver").toString());
    Program.run(line.toArray(String[]::new)).success();
  }
}
