package io.vl3.cli.command;

import io.vl3.cli.CliException;
import io.vl3.cli.Terminal;
import io.vl3.cli.admin.Fleet;
import io.vl3.cli.admin.Paint;
import io.vl3.failure.EndpointException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which processes are asked: those of the machine, or those that are named. */
final class FleetOptions {

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description =
          "The admin socket of a process; may be repeated. Default: those of all processes in the"
              + " run directory and below it.")
  private List<Path> sockets = List.of();

  @Mixin private RunDirOption runDir = new RunDirOption();

  Fleet open() throws EndpointException {
    return Fleet.open(sockets, runDir.path());
  }

  /** Empty if nothing runs. */
  Optional<Fleet> openIfAny() throws EndpointException {
    try {
      return Optional.of(open());
    } catch (CliException none) {
      return Optional.empty();
    }
  }

  Path runDirectory() {
    return runDir.path();
  }

  /** Colours where stdout is a terminal that wants them. */
  static Paint paint() {
    return Paint.of(Terminal.isStdout(), System.getenv());
  }
}
