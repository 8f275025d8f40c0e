package io.vl3.cli.command.self;

import io.vl3.cli.Version;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code vl3 version}: the version of this build and of the Java that runs it. */
@Command(name = "version", description = "Print the version.")
public final class VersionCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Picocli makes it. */
  public VersionCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Version.line());
    out.flush();
  }
}
