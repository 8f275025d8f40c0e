package io.vl3.cli.assembly;

import io.vl3.admin.Control;
import io.vl3.cli.CliException;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code vl3 client} can be told while it runs: to start anew, over its admin service, and to
 * end and leave everything to a successor, by SIGUSR1.
 */
public final class ClientOrders implements Control, AutoCloseable {

  private final Runnable rehearsal;
  private final Termination termination;
  private final Signals.Taken signal;

  private ClientOrders(Runnable rehearsal, Termination termination) {
    this.rehearsal = rehearsal;
    this.termination = termination;
    this.signal = Signals.take("USR1", termination::leaveToSuccessor);
  }

  /**
   * Takes orders from now on.
   *
   * @param rehearsal throws {@link CliException} if a start would fail now
   */
  public static ClientOrders take(Runnable rehearsal, Termination termination) {
    return new ClientOrders(rehearsal, termination);
  }

  @Override
  public List<Change> reload(Optional<Path> file) throws EndpointException {
    throw new EndpointException(
        Reason.INVALID,
        "reload: not possible for a vl3 client (expected: a vl3 run) [`vl3 restart` reads its"
            + " configuration again]");
  }

  @Override
  public void restart() throws EndpointException {
    try {
      rehearsal.run();
    } catch (CliException mistaken) {
      throw new EndpointException(
          Reason.INVALID, "restart: not begun: " + mistaken.getMessage(), mistaken);
    }
    termination.askAnew();
  }

  @Override
  public void close() {
    signal.giveBack();
  }
}
