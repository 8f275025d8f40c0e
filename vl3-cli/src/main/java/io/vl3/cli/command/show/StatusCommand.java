package io.vl3.cli.command.show;

import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.cli.ExitCode;
import io.vl3.cli.admin.Fleet;
import io.vl3.cli.admin.StatusText;
import io.vl3.cli.command.shared.ListCommand;
import io.vl3.failure.EndpointException;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code vl3 status}: how everything is doing, on one screen. */
@Command(
    name = "status",
    description = {
      "Show how the vl3 processes of this machine are doing: NSEs, workloads, the manager, and what is"
          + " wrong with what to do about it.",
      "Ends with 5 if something is wrong."
    })
public final class StatusCommand extends ListCommand {

  private boolean troubled;

  /** Picocli makes it. */
  public StatusCommand() {}

  @Override
  protected String answer(Fleet fleet, Form form) throws EndpointException {
    List<ProcessStatus> all = fleet.status();
    troubled = all.stream().anyMatch(process -> process.getHealthCount() > 0);
    return form.isJson()
        ? form.document("processes", all)
        : StatusText.of(all, fleet.silent(), form.paint(), Instant.now());
  }

  @Override
  protected ExitCode exitCode() {
    return troubled ? ExitCode.DEGRADED : ExitCode.OK;
  }
}
