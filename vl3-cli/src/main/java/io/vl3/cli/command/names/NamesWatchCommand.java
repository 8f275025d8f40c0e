package io.vl3.cli.command.names;

import io.vl3.api.svreg.WorkloadEvent;
import io.vl3.cli.ExitCode;
import io.vl3.cli.admin.Json;
import io.vl3.cli.command.shared.OutputOption;
import io.vl3.cli.names.NamesClient;
import io.vl3.cli.names.NamesText;
import io.vl3.failure.EndpointException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code vl3 names watch}: who is registered, then who comes and goes. */
@Command(
    name = "watch",
    description = {
      "Print who is registered at a workload registry, then each change, a line each: + and -.",
      "With --output json each event is a line."
    })
public final class NamesWatchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private NamesRegistryOptions options = new NamesRegistryOptions();
  @Mixin private OutputOption output = new OutputOption();

  /** Picocli makes it. */
  public NamesWatchCommand() {}

  @Override
  public Integer call() throws EndpointException {
    try (NamesClient client = options.open()) {
      client.watch(this::print);
      return ExitCode.OK.value();
    }
  }

  private void print(WorkloadEvent event) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(output.json() ? Json.line(event) : NamesText.event(event));
    out.flush();
  }
}
