package io.vl3.cli.command.show;

import io.vl3.admin.AdminClient;
import io.vl3.cli.admin.Fleet;
import io.vl3.cli.admin.Lists;
import io.vl3.cli.command.names.NamesListCommand;
import io.vl3.cli.command.names.NamesLookupCommand;
import io.vl3.cli.command.names.NamesServeCommand;
import io.vl3.cli.command.names.NamesWatchCommand;
import io.vl3.cli.command.shared.ListCommand;
import io.vl3.failure.EndpointException;
import picocli.CommandLine.Command;

/** {@code vl3 names}: the names of a network. */
@Command(
    name = "names",
    description = {
      "List the names that NSEs answer for, with the addresses that they resolve to.",
      "The subcommands are about the original's workload registry instead."
    },
    subcommands = {
      NamesServeCommand.class,
      NamesListCommand.class,
      NamesLookupCommand.class,
      NamesWatchCommand.class
    })
public final class NamesCommand extends ListCommand {

  /** Picocli makes it. */
  public NamesCommand() {}

  @Override
  protected String answer(Fleet fleet, Form form) throws EndpointException {
    var all = fleet.all(AdminClient::names);
    return form.isJson() ? form.document("names", all) : Lists.names(all, form.paint());
  }
}
