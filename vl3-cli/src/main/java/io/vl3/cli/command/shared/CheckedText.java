package io.vl3.cli.command.shared;

import io.vl3.cli.config.text.Parsers;
import java.util.function.UnaryOperator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A text on the command line, checked as its like in the file. */
public class CheckedText implements ITypeConverter<String> {

  private final UnaryOperator<String> parser;

  private CheckedText(UnaryOperator<String> parser) {
    this.parser = parser;
  }

  @Override
  public final String convert(String text) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  /** An address with a port. */
  public static final class HostPort extends CheckedText {
    HostPort() {
      super(Parsers::hostPort);
    }
  }

  /** The name of a service or an endpoint. */
  public static final class Name extends CheckedText {
    Name() {
      super(Parsers::name);
    }
  }
}
