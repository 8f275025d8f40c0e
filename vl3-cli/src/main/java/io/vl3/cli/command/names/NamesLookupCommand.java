package io.vl3.cli.command.names;

import io.vl3.api.svreg.ServiceWorkload;
import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.command.shared.OutputOption;
import io.vl3.cli.names.NamesClient;
import io.vl3.failure.EndpointException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vl3 names lookup}: the workloads of one name. */
@Command(
    name = "lookup",
    description = "List the workloads that a workload registry has under a name.")
public final class NamesLookupCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private NamesRegistryOptions options = new NamesRegistryOptions();
  @Mixin private OutputOption output = new OutputOption();

  @Parameters(paramLabel = "NAME", description = "The service's name.")
  private String name = "";

  @Option(
      names = "--domain",
      paramLabel = "DOMAIN",
      description = "Its connectivity domain. Default: any.")
  private Optional<String> domain = Optional.empty();

  /** Picocli makes it. */
  public NamesLookupCommand() {}

  @Override
  public Integer call() throws EndpointException {
    try (NamesClient client = options.open()) {
      List<ServiceWorkload> found = client.all().stream().filter(this::isAskedFor).toList();
      if (found.isEmpty()) {
        throw new CliException(
            ExitCode.NOT_FOUND,
            "name: %s (expected: one that is registered)".formatted(name),
            "`vl3 names list` shows all.");
      }
      NamesListCommand.print(spec, output, found);
      return ExitCode.OK.value();
    }
  }

  private boolean isAskedFor(ServiceWorkload service) {
    return service.getServiceName().equals(name)
        && domain.map(service.getConnectivityDomain()::equals).orElse(true);
  }
}
