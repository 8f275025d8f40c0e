package io.vl3.cli.command.names;

import io.vl3.api.svreg.ServiceWorkload;
import io.vl3.cli.ExitCode;
import io.vl3.cli.admin.Json;
import io.vl3.cli.command.shared.FleetOptions;
import io.vl3.cli.command.shared.OutputOption;
import io.vl3.cli.names.NamesClient;
import io.vl3.cli.names.NamesText;
import io.vl3.failure.EndpointException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code vl3 names list}: all of a workload registry. */
@Command(
    name = "list",
    description = "List the workloads that are registered at a workload registry, as svreg has it.")
public final class NamesListCommand implements Callable<Integer> {

  /** Of the document; it changes when a field goes or changes its meaning. */
  private static final int VERSION = 1;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private NamesRegistryOptions options = new NamesRegistryOptions();
  @Mixin private OutputOption output = new OutputOption();

  /** Picocli makes it. */
  public NamesListCommand() {}

  @Override
  public Integer call() throws EndpointException {
    try (NamesClient client = options.open()) {
      print(spec, output, client.all());
      return ExitCode.OK.value();
    }
  }

  static void print(CommandSpec spec, OutputOption output, List<ServiceWorkload> services) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        output.json()
            ? Json.document(VERSION, "services", services, Map.of())
            : NamesText.table(services, FleetOptions.paint()));
    out.flush();
  }
}
