package io.vl3.cli;

import io.vl3.cli.command.change.LogLevelCommand;
import io.vl3.cli.command.change.ReloadCommand;
import io.vl3.cli.command.change.RestartCommand;
import io.vl3.cli.command.check.CaptureCommand;
import io.vl3.cli.command.check.DiagnoseCommand;
import io.vl3.cli.command.check.ReportCommand;
import io.vl3.cli.command.check.VerifyCommand;
import io.vl3.cli.command.file.ConfigCommand;
import io.vl3.cli.command.file.IpamPlanCommand;
import io.vl3.cli.command.file.JournalsCommand;
import io.vl3.cli.command.run.ClientCommand;
import io.vl3.cli.command.run.DemoCommand;
import io.vl3.cli.command.run.IpamServeCommand;
import io.vl3.cli.command.run.RehearseCommand;
import io.vl3.cli.command.run.RunCommand;
import io.vl3.cli.command.self.CompletionCommand;
import io.vl3.cli.command.self.VersionCommand;
import io.vl3.cli.command.show.ConnectionsCommand;
import io.vl3.cli.command.show.EventsCommand;
import io.vl3.cli.command.show.NamesCommand;
import io.vl3.cli.command.show.PageCommand;
import io.vl3.cli.command.show.PathCommand;
import io.vl3.cli.command.show.PeersCommand;
import io.vl3.cli.command.show.RoutesCommand;
import io.vl3.cli.command.show.StatusCommand;
import io.vl3.cli.command.show.TopologyCommand;
import io.vl3.cli.command.vpp.VppCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command. A new subcommand is one more class in the list below. */
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
    },
    subcommands = {
      RunCommand.class,
      CaptureCommand.class,
      ClientCommand.class,
      CompletionCommand.class,
      ConfigCommand.class,
      ConnectionsCommand.class,
      DemoCommand.class,
      DiagnoseCommand.class,
      EventsCommand.class,
      IpamPlanCommand.class,
      IpamServeCommand.class,
      JournalsCommand.class,
      LogLevelCommand.class,
      NamesCommand.class,
      PageCommand.class,
      PathCommand.class,
      PeersCommand.class,
      RehearseCommand.class,
      ReloadCommand.class,
      RestartCommand.class,
      ReportCommand.class,
      RoutesCommand.class,
      StatusCommand.class,
      TopologyCommand.class,
      VerifyCommand.class,
      VersionCommand.class,
      VppCommand.class,
      CommandLine.HelpCommand.class
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
    Vl3 root = new Vl3();
    CommandLine line = new CommandLine(root);
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
