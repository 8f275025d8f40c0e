package io.vl3.cli.command.file;

import io.vl3.cli.config.file.ConfigSchema;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vl3 config}: what concerns the configuration file as such. */
@Command(name = "config", description = "About the configuration file.")
public final class ConfigCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Picocli makes it. */
  public ConfigCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }

  @Command(name = "schema", description = "Print the JSON schema of the file, for editors.")
  void schema() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(ConfigSchema.text());
    out.flush();
  }
}
