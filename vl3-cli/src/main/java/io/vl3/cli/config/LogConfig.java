package io.vl3.cli.config;

import java.util.Optional;

/**
 * How the process logs.
 *
 * @param format the form of a line
 * @param level the threshold, as {@code io.vl3.cli.LogLevel} has it; empty: warn
 */
public record LogConfig(Format format, Optional<String> level) {

  /** As before anything was read. */
  public static final LogConfig STANDARD = new LogConfig(Format.TEXT, Optional.empty());

  /** The form of a line. */
  public enum Format {
    /** For people. */
    TEXT,
    /** An object in each line, for programs. */
    JSON
  }
}
