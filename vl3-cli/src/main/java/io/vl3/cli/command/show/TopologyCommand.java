package io.vl3.cli.command.show;

import io.vl3.cli.ExitCode;
import io.vl3.cli.admin.Fleet;
import io.vl3.cli.admin.Member;
import io.vl3.cli.admin.Topology;
import io.vl3.cli.admin.TopologySvg;
import io.vl3.cli.admin.TopologyText;
import io.vl3.cli.command.shared.FleetOptions;
import io.vl3.failure.EndpointException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vl3 topology}: NSEs, workloads and links. */
@Command(
    name = "topology",
    description = {
      "Show the NSEs and workloads of this machine and the links between them: as a table, a JSON"
          + " record, a drawing (svg), or in the language of Graphviz (dot) or Mermaid."
    })
public final class TopologyCommand implements Callable<Integer> {

  /** The forms of output; in lower case as written on the command line. */
  enum Form {
    table,
    json,
    dot,
    mermaid,
    svg
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, json, dot, mermaid or svg. Default: ${DEFAULT-VALUE}.")
  private Form form = Form.table;

  @Mixin private FleetOptions options = new FleetOptions();

  /** Picocli makes it. */
  public TopologyCommand() {}

  @Override
  public Integer call() throws EndpointException {
    try (Fleet fleet = options.open()) {
      Topology topology = Topology.of(fleet.each(Member::of));
      spec.commandLine().getOut().print(text(topology, fleet));
      spec.commandLine().getOut().flush();
      fleet.silent().values().forEach(why -> spec.commandLine().getErr().println(why));
      spec.commandLine().getErr().flush();
      return (fleet.silent().isEmpty() ? ExitCode.OK : ExitCode.UNREACHABLE).value();
    }
  }

  private String text(Topology topology, Fleet fleet) {
    return switch (form) {
      case table -> TopologyText.table(topology, FleetOptions.paint());
      case json -> TopologyText.json(topology, fleet.silent());
      case dot -> TopologyText.dot(topology);
      case mermaid -> TopologyText.mermaid(topology);
      case svg -> TopologySvg.of(topology);
    };
  }
}
