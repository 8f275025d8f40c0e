package io.vl3.cli.command.shared;

import picocli.CommandLine.Option;

/** How a result is printed. */
public final class OutputOption {

  /** The forms of a result. */
  enum Format {
    table,
    json
  }

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table or json. Default: ${DEFAULT-VALUE}.")
  private Format format = Format.table;

  public boolean json() {
    return format == Format.json;
  }
}
