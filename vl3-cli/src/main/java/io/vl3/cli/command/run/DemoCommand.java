package io.vl3.cli.command.run;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.command.shared.OutputOption;
import io.vl3.cli.command.shared.Privilege;
import io.vl3.cli.command.shared.RunDirOption;
import io.vl3.cli.config.TracingConfig;
import io.vl3.cli.config.read.ConfigFile;
import io.vl3.cli.config.read.Overrides;
import io.vl3.cli.demo.DemoRun;
import io.vl3.cli.demo.DemoSize;
import io.vl3.cli.demo.VppPrograms;
import io.vl3.failure.EndpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vl3 demo}: a whole virtual layer 3 on this machine, checked pair by pair. */
@Command(
    name = "demo",
    description = {
      "Build domains, NSEs and workloads on this machine, fetch every workload's page from every"
          + " other over the virtual layer 3, show who reaches whom, and clean up.",
      "Exit code 0 only if all pairs answer."
    })
public final class DemoCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--domains",
      defaultValue = "2",
      description = "Nodes, each with a manager of its own. Default: ${DEFAULT-VALUE}.")
  private int domains;

  @Option(
      names = "--nses",
      defaultValue = "2",
      description = "NSEs in each domain. Default: ${DEFAULT-VALUE}.")
  private int nses;

  @Option(
      names = "--workloads",
      defaultValue = "4",
      description = "Workloads in each domain. Default: ${DEFAULT-VALUE}.")
  private int workloads;

  @Option(
      names = "--dataplane",
      defaultValue = "kernel",
      description = "kernel, or vpp: each NSE has a VPP. Default: ${DEFAULT-VALUE}.")
  private Carrier dataplane = Carrier.kernel;

  @Option(
      names = "--vpp",
      defaultValue = "/usr",
      description =
          "Where VPP is installed: bin/vpp, its plugins and its .api.json files."
              + " Default: ${DEFAULT-VALUE}.")
  private Path vpp = Path.of("/usr");

  @Option(
      names = "--keep",
      description = "After the report stay, tell what changes, and clean up at Ctrl-C.")
  private boolean keep;

  @Option(
      names = "--page",
      description =
          "Serve the page of `vl3 page` on a free port of the loopback, and stay as with --keep.")
  private boolean page;

  /** What carries the packets, as the option spells it. */
  private enum Carrier {
    kernel,
    vpp
  }

  @Mixin private RunDirOption runDir = new RunDirOption();

  @Mixin private OutputOption output = new OutputOption();

  /** Picocli makes it. */
  public DemoCommand() {}

  @Override
  public Integer call() throws EndpointException {
    DemoRun.Options options =
        new DemoRun.Options(size(), vpp(), tracing(), keep, page, output.json());
    OptionalInt elsewhere = Privilege.orRunInUserNamespace(arguments());
    if (elsewhere.isPresent()) {
      return elsewhere.getAsInt();
    }
    try {
      boolean all =
          new DemoRun(
                  options, runDir.path(), spec.commandLine().getOut(), spec.commandLine().getErr())
              .run();
      return (all ? ExitCode.OK : ExitCode.FAILED).value();
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED.value();
    } catch (IOException failure) {
      throw new CliException(
          ExitCode.FAILED, "demo: " + failure.getMessage(), "Nothing of it is left.", failure);
    }
  }

  private List<String> arguments() {
    return spec.root().commandLine().getParseResult().originalArgs();
  }

  private Optional<VppPrograms> vpp() {
    if (dataplane == Carrier.kernel) {
      return Optional.empty();
    }
    try {
      return Optional.of(VppPrograms.in(vpp));
    } catch (IOException missing) {
      throw new CliException(
          ExitCode.FAILED,
          "demo: " + missing.getMessage(),
          "Name with --vpp where VPP is installed.",
          missing);
    }
  }

  /** As the processes of the demo find it in the environment. */
  private static TracingConfig tracing() {
    return ConfigFile.loadClient(Optional.empty(), System.getenv(), Overrides.NONE).tracing();
  }

  private DemoSize size() {
    try {
      return new DemoSize(domains, nses, workloads);
    } catch (IllegalArgumentException bad) {
      throw new ParameterException(spec.commandLine(), String.valueOf(bad.getMessage()), bad);
    }
  }
}
