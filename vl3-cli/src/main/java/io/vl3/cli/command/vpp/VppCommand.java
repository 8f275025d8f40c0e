package io.vl3.cli.command.vpp;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vl3 vpp}: what a VPP or its vpp-agent was told, and what runs. */
@Command(
    name = "vpp",
    description = "Look into a VPP, or its vpp-agent, and remove what was left over.",
    subcommands = {
      VppShowCommand.class,
      VppDiffCommand.class,
      VppReconcileCommand.class,
      VppApiCommand.class
    })
public final class VppCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Picocli makes it. */
  public VppCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }
}
