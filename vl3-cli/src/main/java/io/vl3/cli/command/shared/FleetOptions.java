package io.vl3.cli.command.shared;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.Terminal;
import io.vl3.cli.admin.Fleet;
import io.vl3.cli.admin.Nodes;
import io.vl3.cli.admin.Paint;
import io.vl3.cli.config.TlsConfig;
import io.vl3.cli.config.read.ConfigFile;
import io.vl3.cli.config.read.Overrides;
import io.vl3.failure.EndpointException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Which processes are asked: those of the machine, or those of nodes that are named. Only for
 * commands that look: what changes a process, or needs its namespaces, has {@link MachineOptions}.
 */
public final class FleetOptions {

  @Option(
      names = "--node",
      paramLabel = "HOST[:PORT]",
      description =
          "Ask the process whose admin.listenOn this is instead of those of this machine; may be"
              + " repeated. The port is 8044 if none is named.")
  private List<String> nodes = List.of();

  @Option(
      names = "--node-config",
      paramLabel = "FILE",
      description =
          "A configuration whose nsm.tls is the identity by which nodes are asked; without it only"
              + " this machine's loopback can be.")
  private Optional<Path> nodeConfig = Optional.empty();

  @Mixin private MachineOptions machine = new MachineOptions();

  public Fleet open() throws EndpointException {
    return machine.open(nodes());
  }

  /** Empty if nothing runs. */
  public Optional<Fleet> openIfAny() throws EndpointException {
    try {
      return Optional.of(open());
    } catch (CliException none) {
      if (none.exitCode() != ExitCode.NOT_FOUND || !nodes.isEmpty()) {
        throw none;
      }
      return Optional.empty();
    }
  }

  private Nodes nodes() {
    return Nodes.of(nodes, tls());
  }

  private TlsConfig tls() {
    return nodes.isEmpty() || nodeConfig.isEmpty()
        ? new TlsConfig.None()
        : ConfigFile.loadClient(nodeConfig, System.getenv(), Overrides.NONE).nsm().tls();
  }

  public Path runDirectory() {
    return machine.runDirectory();
  }

  /** Colours where stdout is a terminal that wants them. */
  public static Paint paint() {
    return Paint.of(Terminal.isStdout(), System.getenv());
  }
}
