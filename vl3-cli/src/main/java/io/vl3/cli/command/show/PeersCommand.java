package io.vl3.cli.command.show;

import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.cli.ExitCode;
import io.vl3.cli.admin.Fleet;
import io.vl3.cli.admin.Lists;
import io.vl3.cli.admin.PeerRecords;
import io.vl3.cli.command.shared.ListCommand;
import io.vl3.failure.EndpointException;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code vl3 peers}: where each NSE stands with each of its peers. */
@Command(
    name = "peers",
    description = {
      "List the peers of NSEs: the state of each link, since when, and why if it is not up.",
      "Ends with 5 if a peer is not up."
    })
public final class PeersCommand extends ListCommand {

  private boolean down;

  /** Picocli makes it. */
  public PeersCommand() {}

  @Override
  protected String answer(Fleet fleet, Form form) throws EndpointException {
    List<ProcessStatus> all = fleet.status();
    down = PeerRecords.anyDown(all);
    return form.isJson()
        ? PeerRecords.document(all, fleet.silent())
        : Lists.peers(all, form.paint(), Instant.now());
  }

  @Override
  protected ExitCode exitCode() {
    return down ? ExitCode.DEGRADED : ExitCode.OK;
  }
}
