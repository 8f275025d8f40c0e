package io.vl3.cli.diagnose.scene;

import io.vl3.cli.config.read.Overrides;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options of {@code vl3 run} and {@code vl3 client} that say what a process was given. */
@Command(name = "start")
final class StartOptions {

  @Option(names = {"--config", "-file", "-f"})
  private Optional<Path> file = Optional.empty();

  @Option(names = "--name")
  private Optional<String> name = Optional.empty();

  @Option(names = "--prefix-index")
  private Optional<String> prefixIndex = Optional.empty();

  @Option(names = "--connect-to")
  private Optional<String> connectTo = Optional.empty();

  @Option(names = "--listen-on")
  private Optional<String> listenOn = Optional.empty();

  @Option(names = "--run-dir")
  private Optional<String> runDirectory = Optional.empty();

  private StartOptions() {}

  /** The options of a command line that matter here; others are passed over. */
  static StartOptions of(List<String> arguments) {
    StartOptions options = new StartOptions();
    new CommandLine(options)
        .setUnmatchedArgumentsAllowed(true)
        .setUnmatchedOptionsArePositionalParams(true)
        .parseArgs(arguments.toArray(String[]::new));
    return options;
  }

  Optional<Path> file() {
    return file;
  }

  Overrides overrides() {
    return new Overrides(name, prefixIndex, connectTo, listenOn, runDirectory);
  }
}
