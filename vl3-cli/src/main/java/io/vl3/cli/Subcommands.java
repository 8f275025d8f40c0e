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
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import picocli.CommandLine;

/**
 * Every subcommand, by its name, in the order of the help. A new one is one more line here.
 *
 * <p>The model of all of them costs a sixth of what a process spends until it is ready, so only the
 * one that is called is made.
 */
final class Subcommands {

  private static final List<Entry<String, Class<?>>> ALL =
      List.of(
          Map.entry("run", RunCommand.class),
          Map.entry("capture", CaptureCommand.class),
          Map.entry("client", ClientCommand.class),
          Map.entry("completion", CompletionCommand.class),
          Map.entry("config", ConfigCommand.class),
          Map.entry("connections", ConnectionsCommand.class),
          Map.entry("demo", DemoCommand.class),
          Map.entry("diagnose", DiagnoseCommand.class),
          Map.entry("events", EventsCommand.class),
          Map.entry("ipam-plan", IpamPlanCommand.class),
          Map.entry("ipam-serve", IpamServeCommand.class),
          Map.entry("journals", JournalsCommand.class),
          Map.entry("log-level", LogLevelCommand.class),
          Map.entry("names", NamesCommand.class),
          Map.entry("page", PageCommand.class),
          Map.entry("path", PathCommand.class),
          Map.entry("peers", PeersCommand.class),
          Map.entry("rehearse", RehearseCommand.class),
          Map.entry("reload", ReloadCommand.class),
          Map.entry("restart", RestartCommand.class),
          Map.entry("report", ReportCommand.class),
          Map.entry("routes", RoutesCommand.class),
          Map.entry("status", StatusCommand.class),
          Map.entry("topology", TopologyCommand.class),
          Map.entry("verify", VerifyCommand.class),
          Map.entry("version", VersionCommand.class),
          Map.entry("vpp", VppCommand.class),
          Map.entry("help", CommandLine.HelpCommand.class));

  /** Those that speak of all others. */
  private static final List<String> OF_ALL = List.of("help", "completion");

  private Subcommands() {}

  /** Adds every one. */
  static void addAll(CommandLine root) {
    ALL.forEach(one -> root.addSubcommand(one.getKey(), one.getValue()));
  }

  /** Adds the one that the arguments call, or every one if they call none, or one of all. */
  static void addCalled(CommandLine root, List<String> arguments) {
    String first =
        arguments.stream().filter(argument -> !argument.startsWith("-")).findFirst().orElse("");
    ALL.stream()
        .filter(one -> one.getKey().equals(first) && !OF_ALL.contains(first))
        .findFirst()
        .ifPresentOrElse(
            called -> root.addSubcommand(first, called.getValue()), () -> addAll(root));
  }
}
