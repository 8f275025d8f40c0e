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
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vl3 vpp show}: everything of ours, as it is wanted and as it runs. */
@Command(
    name = "show",
    description = {
      "Show what the agent was told beside what runs; differences are marked with !.",
      "Exits with 5 if there is a difference."
    })
final class VppShowCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private AgentOptions agent = new AgentOptions();
  @Mixin private OutputOption output = new OutputOption();

  @Option(names = "--all", description = "Show what is not ours, too.")
  private boolean all;

  @Override
  public Integer call() throws EndpointException {
    return agent.ask(
        asked -> {
          VppInspection read = asked.inspect();
          VppInspection shown = all ? read : read.ours();
          PrintWriter out = spec.commandLine().getOut();
          out.print(
              output.json()
                  ? VppTree.json(asked.subject(), shown)
                  : VppText.of(asked.subject(), shown));
          out.flush();
          return (read.isClean() ? ExitCode.OK : ExitCode.DEGRADED).value();
        });
  }
}
