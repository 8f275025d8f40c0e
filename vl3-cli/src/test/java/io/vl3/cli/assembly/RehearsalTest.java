package io.vl3.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.config.read.ConfigFile;
import io.vl3.cli.config.read.Overrides;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresNetns
class RehearsalTest {

  @TempDir private Path directory;

  @Test
  void everyPartIsTried_andNothingIsLeft() throws Exception {
    List<String> before = Netns.list("");
    Path file =
        Files.writeString(
            directory.resolve("config.yaml"),
            """
            nsm: {listenOn: "unix://%1$s/nse.sock"}
            state: {directory: "%1$s/state"}
            endpoints:
            - {name: trial, nseName: trial, vl3: {ipam: {defaultPrefixPool: 10.60.0.0/16}}}
            """
                .formatted(directory));
    new Rehearsal(ConfigFile.load(file, Map.of(), Overrides.NONE), 3).run();
    assertThat(Netns.list("")).isEqualTo(before);
    assertThat(directory.resolve("state/journal/trial.journal")).exists();
    assertThat(directory.resolve("nse.sock")).doesNotExist();
  }
}
