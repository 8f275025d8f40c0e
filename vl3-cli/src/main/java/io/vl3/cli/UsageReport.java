package io.vl3.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells what is wrong with the command line: one line, what was meant, and where help is. */
final class UsageReport implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    CommandLine line = failure.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("vl3: " + failure.getMessage());
    UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("Run `" + line.getCommandSpec().qualifiedName() + " --help` for what is possible.");
    err.flush();
    return ExitCode.USAGE.value();
  }
}
