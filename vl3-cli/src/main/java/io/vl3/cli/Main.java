package io.vl3.cli;

/** Entry point of the {@code vl3} process. */
public final class Main {

  private Main() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    LogLevel.apply(System.getenv());
    System.exit(Vl3.commandLine().execute(args));
  }
}
