package io.vl3.cli;

import io.vl3.failure.EndpointException;
import io.vl3.internal.log.Printable;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells a failed command on stderr: what, and the next step; the stack trace only on demand. */
final class FailureReport implements IExecutionExceptionHandler {

  private final BooleanSupplier debug;

  FailureReport(BooleanSupplier debug) {
    this.debug = debug;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
    PrintWriter err = line.getErr();
    err.println("vl3: " + message(failure));
    String next = nextStep(failure);
    if (!next.isEmpty()) {
      err.println(next);
    }
    if (debug.getAsBoolean()) {
      failure.printStackTrace(err);
    }
    err.flush();
    return exitCode(failure).value();
  }

  private static String message(Exception failure) {
    if (failure instanceof CliException) {
      return Printable.lines(String.valueOf(failure.getMessage())); // of several lines at times
    }
    return failure instanceof EndpointException
        ? Printable.of(String.valueOf(failure.getMessage()))
        : "internal error: " + Printable.of(failure.toString());
  }

  private static String nextStep(Exception failure) {
    if (failure instanceof CliException e) {
      return e.nextStep();
    }
    return failure instanceof EndpointException ? "" : "Run it again with --debug for the details.";
  }

  private static ExitCode exitCode(Exception failure) {
    if (failure instanceof CliException e) {
      return e.exitCode();
    }
    return failure instanceof EndpointException e ? ExitCode.of(e.reason()) : ExitCode.FAILED;
  }
}
