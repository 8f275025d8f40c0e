package io.vl3.cli.command.show;

import io.vl3.cli.ExitCode;
import io.vl3.cli.admin.Fleet;
import io.vl3.cli.admin.Member;
import io.vl3.cli.admin.PathFinder;
import io.vl3.cli.admin.PathText;
import io.vl3.cli.admin.PathTrace;
import io.vl3.cli.command.shared.ListCommand;
import io.vl3.failure.EndpointException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code vl3 path}: the hops that packets take. */
@Command(
    name = "path",
    description = {
      "Show the hops that packets take from a workload to another, by the routes and links that are"
          + " there: each hop's route, its interface with the packets sent over it, and where the way"
          + " ends. No packet is sent.",
      "Ends with 1 if the way ends before the destination, with 3 if it leads to where none of the"
          + " processes sees on."
    })
public final class PathCommand extends ListCommand {

  @Parameters(index = "0", paramLabel = "FROM", description = "A workload, by name or address.")
  private String from = "";

  @Parameters(
      index = "1",
      paramLabel = "TO",
      description = "A workload, by name or address, or any address.")
  private String to = "";

  private PathTrace.Outcome outcome = PathTrace.Outcome.ARRIVES;

  /** Picocli makes it. */
  public PathCommand() {}

  @Override
  protected String answer(Fleet fleet, Form form) throws EndpointException {
    PathTrace trace = PathFinder.find(fleet.each(Member::of), from, to);
    outcome = trace.outcome();
    return form.isJson()
        ? PathText.json(trace, fleet.silent())
        : PathText.table(trace, form.paint());
  }

  @Override
  protected ExitCode exitCode() {
    return switch (outcome) {
      case ARRIVES -> ExitCode.OK;
      case LOST -> ExitCode.FAILED;
      case UNSEEN -> ExitCode.UNREACHABLE;
    };
  }
}
