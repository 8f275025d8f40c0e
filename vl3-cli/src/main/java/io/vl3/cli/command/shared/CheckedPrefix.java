package io.vl3.cli.command.shared;

import io.vl3.net.IpPrefix;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A prefix on the command line, strictly read. */
public final class CheckedPrefix implements ITypeConverter<IpPrefix> {

  @Override
  public IpPrefix convert(String text) {
    try {
      return IpPrefix.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
