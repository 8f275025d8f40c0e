package io.vl3.cli.command.show;

import io.vl3.admin.AdminClient;
import io.vl3.cli.admin.Fleet;
import io.vl3.cli.admin.Lists;
import io.vl3.cli.command.shared.ListCommand;
import io.vl3.failure.EndpointException;
import picocli.CommandLine.Command;

/** {@code vl3 routes}: routes, wanted beside installed. */
@Command(
    name = "routes",
    description = {
      "List the routes of NSEs and workloads: what their connections ask for beside what is there.",
      "States: installed, missing (asked for, not there), unwanted (there, not asked for), unknown (what"
          + " is there cannot be looked at)."
    })
public final class RoutesCommand extends ListCommand {

  /** Picocli makes it. */
  public RoutesCommand() {}

  @Override
  protected String answer(Fleet fleet, Form form) throws EndpointException {
    var all = fleet.all(AdminClient::routes);
    return form.isJson() ? form.document("routes", all) : Lists.routes(all, form.paint());
  }
}
