package io.vl3.cli.command.vpp;

import io.vl3.cli.ExitCode;
import io.vl3.cli.command.shared.OutputOption;
import io.vl3.cli.render.VppText;
import io.vl3.cli.render.VppTree;
import io.vl3.failure.EndpointException;
import io.vl3.vpp.VppInspection;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code vl3 vpp diff}: what of ours does not run as it is wanted. */
@Command(
    name = "diff",
    description = {
      "Show only what differs between what the agent was told and what runs, and how.",
      "Exits with 5 if there is a difference."
    })
final class VppDiffCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private AgentOptions agent = new AgentOptions();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws EndpointException {
    return agent.ask(
        asked -> {
          VppInspection found = asked.inspect().differences();
          PrintWriter out = spec.commandLine().getOut();
          out.print(
              output.json() ? VppTree.json(asked.subject(), found) : VppText.differences(found));
          out.flush();
          return (found.isClean() ? ExitCode.OK : ExitCode.DEGRADED).value();
        });
  }
}
