package io.vl3.cli.command.shared;

import io.vl3.cli.admin.Fleet;
import io.vl3.cli.admin.Nodes;
import io.vl3.failure.EndpointException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which processes of this machine are asked. */
public final class MachineOptions {

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description =
          "The admin socket of a process; may be repeated. Default: those of all processes in the"
              + " run directory and below it.")
  private List<Path> sockets = List.of();

  @Mixin private RunDirOption runDir = new RunDirOption();

  public Fleet open() throws EndpointException {
    return open(Nodes.NONE);
  }

  /** Also nodes; where some are named, this machine's processes are not looked for. */
  Fleet open(Nodes nodes) throws EndpointException {
    return Fleet.open(sockets, runDir.path(), nodes);
  }

  public Path runDirectory() {
    return runDir.path();
  }
}
