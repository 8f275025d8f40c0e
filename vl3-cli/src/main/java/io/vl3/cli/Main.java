package io.vl3.cli;

import java.util.List;
import org.slf4j.LoggerFactory;

/** Entry point of the {@code vl3} process. */
public final class Main {

  private Main() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    List<String> arguments = List.of(args);
    LogLevel.apply(System.getenv(), arguments.contains("--debug"));
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) ->
            LoggerFactory.getLogger(Main.class)
                .error("thread {} ended by a fault of vl3", thread.getName(), failure));
    System.exit(Vl3.commandLine(arguments).execute(args));
  }
}
