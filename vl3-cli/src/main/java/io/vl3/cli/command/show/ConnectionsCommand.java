package io.vl3.cli.command.show;

import io.vl3.admin.AdminClient;
import io.vl3.cli.admin.Fleet;
import io.vl3.cli.admin.Lists;
import io.vl3.cli.command.shared.ListCommand;
import io.vl3.failure.EndpointException;
import picocli.CommandLine.Command;

/** {@code vl3 connections}: the connections of NSEs. */
@Command(
    name = "connections",
    description = {
      "List the connections of NSEs: of workloads that they serve, and links with peers."
    })
public final class ConnectionsCommand extends ListCommand {

  /** Picocli makes it. */
  public ConnectionsCommand() {}

  @Override
  protected String answer(Fleet fleet, Form form) throws EndpointException {
    var all = fleet.all(AdminClient::connections);
    return form.isJson() ? form.document("connections", all) : Lists.connections(all, form.paint());
  }
}
