package io.vl3.cli.reload;

import io.vl3.admin.Control;
import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.config.Vl3Config;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The configuration of a running process, which changes as a whole or not at all. Thread-safe. */
public final class Reload {

  private final Loading loading;
  private final Applying applying;

  private final Path file;

  /** Guarded by this. */
  private Vl3Config config;

  /** Reads and checks a file, with the variables and options that the process has. */
  @FunctionalInterface
  public interface Loading {

    /**
     * The configuration.
     *
     * @throws CliException with every mistake
     */
    Vl3Config load(Path file);
  }

  /** Takes a configuration into effect. */
  @FunctionalInterface
  public interface Applying {

    /** Starts every NSE anew within the process, with its connections and links. */
    void apply(Vl3Config config) throws IOException, EndpointException;
  }

  /**
   * Begins with what the process was started with.
   *
   * @param applying called by one thread at a time
   */
  public Reload(Path file, Vl3Config config, Loading loading, Applying applying) {
    this.file = file;
    this.config = config;
    this.loading = loading;
    this.applying = applying;
  }

  /**
   * Reads a file and applies it. Blocks until it is in effect.
   *
   * @param other what to read this once; empty: the file that the process was started with
   * @return what has changed; empty if nothing
   * @throws EndpointException INVALID if the file has mistakes, CONFLICT if something differs that
   *     cannot change while the process runs; nothing is applied then. UNAVAILABLE if an NSE could
   *     not be started anew; it goes on as it was
   */
  public synchronized List<Control.Change> reload(Optional<Path> other) throws EndpointException {
    Path read = other.orElse(file);
    Vl3Config next = load(read);
    List<Difference> differences = Settings.between(config, next);
    refuse(read, differences);
    if (differences.stream().anyMatch(each -> each.change().isLive())) {
      apply(read, next);
    }
    config = next;
    return differences.stream()
        .map(each -> new Control.Change(each.path(), each.before(), each.after()))
        .toList();
  }

  /**
   * Whether the program could start with the file as it is now.
   *
   * @throws EndpointException INVALID if the file has mistakes
   */
  public synchronized void rehearse() throws EndpointException {
    var unused = load(file);
  }

  private void apply(Path read, Vl3Config next) throws EndpointException {
    try {
      applying.apply(next);
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE, "%s: not applied: %s".formatted(read, failure), failure);
    }
  }

  private Vl3Config load(Path read) throws EndpointException {
    try {
      return loading.load(read);
    } catch (CliException mistakes) {
      Reason reason = mistakes.exitCode() == ExitCode.NOT_FOUND ? Reason.NOT_FOUND : Reason.INVALID;
      throw new EndpointException(reason, mistakes.getMessage(), mistakes);
    }
  }

  private static void refuse(Path read, List<Difference> differences) throws EndpointException {
    List<Difference> refused =
        differences.stream().filter(d -> d.change() == Setting.Change.RESTART).toList();
    if (!refused.isEmpty()) {
      throw new EndpointException(
          Reason.CONFLICT,
          "%s: nothing was applied, as this changes with `vl3 restart` only:\n  %s"
              .formatted(
                  read,
                  refused.stream().map(Difference::toString).collect(Collectors.joining("\n  "))));
    }
  }
}
