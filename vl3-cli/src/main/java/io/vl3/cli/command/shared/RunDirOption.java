package io.vl3.cli.command.shared;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the processes of one machine meet: the manager's socket, locks, records. */
public final class RunDirOption {

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      defaultValue = "${env:VL3_RUN_DIR:-/run/vl3}",
      description =
          "Directory in which the machine's vl3 processes meet. Default: $VL3_RUN_DIR, else"
              + " /run/vl3.")
  private Path directory = Path.of("/run/vl3");

  public Path path() {
    return directory.toAbsolutePath().normalize();
  }
}
