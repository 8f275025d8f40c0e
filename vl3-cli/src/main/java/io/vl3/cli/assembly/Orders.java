package io.vl3.cli.assembly;

import io.vl3.admin.Control;
import io.vl3.cli.Terminal;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.log.Logging;
import io.vl3.cli.reload.Reload;
import io.vl3.failure.EndpointException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code vl3 run} can be told while it runs, over its admin service or by signals: SIGHUP
 * reads the configuration again, SIGUSR1 ends the process and leaves everything to a successor, as
 * who starts it anew wants it.
 */
public final class Orders implements Control, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

  private final Reload reload;
  private final Termination termination;
  private final Watched watched;
  private final Consumer<String> lines;
  private final List<Signals.Taken> signals;

  private Orders(Reload reload, Termination termination, Watched watched, Consumer<String> lines) {
    this.watched = watched;
    this.reload = reload;
    this.termination = termination;
    this.lines = lines;
    this.signals =
        List.of(
            Signals.take("HUP", this::hungUp), Signals.take("USR1", termination::leaveToSuccessor));
  }

  /**
   * Takes orders from now on.
   *
   * @param file the configuration's, to be read again
   * @param lines told of each reload, a line with its end
   */
  public static Orders take(
      Path file,
      Vl3Config config,
      Reload.Loading loading,
      Nses nses,
      Termination termination,
      Watched watched,
      Consumer<String> lines) {
    termination.within(config.stop().deadline());
    Reload.Applying applying =
        next -> {
          next.notices().forEach(notice -> LOG.warn("{}", notice));
          nses.renew(next);
          Logging.apply(next.log());
          termination.within(next.stop().deadline());
        };
    return new Orders(new Reload(file, config, loading, applying), termination, watched, lines);
  }

  @Override
  public List<Change> reload(Optional<Path> file) throws EndpointException {
    List<Change> changes;
    watched.changing("reading the configuration again");
    try {
      changes = reload.reload(file);
    } finally {
      watched.changed();
    }
    String what =
        changes.isEmpty()
            ? "nothing has changed"
            : changes.stream().map(Change::setting).collect(Collectors.joining(", "));
    lines.accept("configuration reloaded: " + what + System.lineSeparator());
    return changes;
  }

  @Override
  public void restart() throws EndpointException {
    reload.rehearse();
    termination.askAnew();
  }

  private void hungUp() {
    if (Terminal.isStdin() && Terminal.isStdout()) {
      // The terminal that it was started in is gone.
      termination.ask();
      return;
    }
    try {
      var unused = reload(Optional.empty());
    } catch (EndpointException refused) {
      LOG.warn("configuration not reloaded: {}", refused.getMessage());
    }
  }

  @Override
  public void close() {
    signals.forEach(Signals.Taken::giveBack);
  }
}
