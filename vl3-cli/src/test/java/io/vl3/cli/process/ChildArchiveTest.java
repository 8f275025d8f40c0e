package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.assembly.SelfCommand;
import io.vl3.linux.testing.RequiresNetns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresNetns
class ChildArchiveTest {

  @TempDir private Path directory;

  @Test
  void processOfATest_readsItsClassesFromTheArchive() throws Exception {
    Path loaded = directory.resolve("loaded");
    List<String> line = new ArrayList<>(SelfCommand.line(List.of("version")));
    line.add(line.indexOf("-cp"), "-Xlog:class+load:file=" + loaded);
    Process version =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    assertThat(version.waitFor()).as(Files.readString(directory.resolve("log"))).isZero();
    assertThat(Files.readAllLines(loaded))
        .anyMatch(one -> one.contains(" io.vl3.cli.Main source: shared objects file"));
  }
}
