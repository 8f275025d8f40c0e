package io.vl3.cli.command.shared;

import io.vl3.cli.config.text.Parsers;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time on the command line, written as in the file. */
public final class CheckedTime implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String text) {
    try {
      return Parsers.positiveDuration(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
