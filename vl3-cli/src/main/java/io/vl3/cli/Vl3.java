package io.vl3.cli;

import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command; {@link Subcommands} lists what it has below it. */
@Command(
    name = "vl3",
    description = "Network Service Mesh's virtual layer 3.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:ok",
      "1:failed",
      "2:usage, or a configuration with mistakes",
      "3:something needed does not answer",
      "4:not found",
      "5:degraded"
    })
public final class Vl3 implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show stack traces of failures.")
  private boolean debug;

  Vl3() {}

  /** The whole command line, with failures reported as docs/errors.md says. */
  public static CommandLine commandLine() {
    return commandLine(Subcommands::addAll);
  }

  /** As much of the command line as these arguments need: they are parsed as by the whole. */
  static CommandLine commandLine(List<String> arguments) {
    return commandLine(root -> Subcommands.addCalled(root, arguments));
  }

  private static CommandLine commandLine(Consumer<CommandLine> subcommands) {
    Vl3 root = new Vl3();
    CommandLine line = new CommandLine(root);
    subcommands.accept(line);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(new UsageReport());
    line.setExecutionExceptionHandler(new FailureReport(() -> root.debug));
    return line;
  }

  /** Without a subcommand there is nothing to do: usage. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }
}
