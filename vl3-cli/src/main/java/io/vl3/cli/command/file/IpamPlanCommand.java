package io.vl3.cli.command.file;

import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.command.shared.CheckedPrefix;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.read.ConfigFile;
import io.vl3.cli.config.read.Overrides;
import io.vl3.cli.render.PlanText;
import io.vl3.cli.render.PlanTree;
import io.vl3.cli.render.ServicePlan;
import io.vl3.net.IpPrefix;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vl3 ipam-plan}: what the addresses of a configuration come to, before anything runs. */
@Command(
    name = "ipam-plan",
    description = {
      "Plan addresses: which prefix each NSE gets, how many workloads fit, what is lost.",
      "Exits non-zero and names the reason if the plan cannot work."
    })
public final class IpamPlanCommand implements Runnable {

  /** The forms of a plan. */
  enum Format {
    table,
    json,
    yaml
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--config", required = true, paramLabel = "FILE", description = "The file.")
  private Path config = ConfigFile.STANDARD;

  @Option(
      names = "--nses",
      paramLabel = "N",
      defaultValue = "0",
      description = "Plan for N endpoints. Default: as many as the file has.")
  private int nses;

  @Option(
      names = "--avoid",
      paramLabel = "CIDR",
      converter = CheckedPrefix.class,
      description = "A network the vL3 must not touch; may be repeated.")
  private List<IpPrefix> avoid = List.of();

  @Option(
      names = "--first",
      paramLabel = "N",
      defaultValue = "2",
      description = "Show the addresses of the first N workloads. Default: ${DEFAULT-VALUE}.")
  private int first = 2;

  @Option(names = "--legacy-peers", description = "Peers speak NSM 0.2: each link takes a block.")
  private boolean legacyPeers;

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, json or yaml. Default: ${DEFAULT-VALUE}.")
  private Format format = Format.table;

  /** Picocli makes it. */
  public IpamPlanCommand() {}

  @Override
  public void run() {
    check("--nses", nses, 0, 100_000);
    check("--first", first, 0, 1_000);
    Vl3Config read = ConfigFile.load(config, System.getenv(), Overrides.NONE);
    read.endpoints().forEach(IpamPlanCommand::requirePool);
    List<ServicePlan> plans =
        ServicePlan.of(read.endpoints(), new ServicePlan.Question(nses, first, avoid, legacyPeers));
    PrintWriter out = spec.commandLine().getOut();
    out.print(rendered(plans));
    out.flush();
    refuse(plans);
  }

  private static void requirePool(EndpointConfig endpoint) {
    if (endpoint.ipam().pools().isEmpty()) {
      throw new CliException(
          ExitCode.USAGE,
          "%s: no defaultPrefixPool (expected: one to plan with) [its prefix comes %s]"
              .formatted(endpoint.name(), endpoint.ipam().choice().why()),
          "");
    }
  }

  private String rendered(List<ServicePlan> plans) {
    return switch (format) {
      case table -> PlanText.of(plans, legacyPeers);
      case json -> PlanTree.json(plans);
      case yaml -> PlanTree.yaml(plans);
    };
  }

  private static void refuse(List<ServicePlan> plans) {
    String problems =
        plans.stream()
            .flatMap(s -> s.plan().problems().stream().map(p -> s.service() + ": " + p))
            .collect(Collectors.joining("\nvl3: "));
    if (!problems.isEmpty()) {
      throw new CliException(
          ExitCode.FAILED, problems, "The plan cannot work: change pool, prefix or exclusions.");
    }
  }

  private void check(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(), "%s: %d (expected: %d..%d)".formatted(option, value, least, most));
    }
  }
}
