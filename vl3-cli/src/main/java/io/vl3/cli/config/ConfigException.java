package io.vl3.cli.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration with mistakes; it holds all of them, in the file's order. */
public final class ConfigException extends Exception {

  private final List<Mistake> mistakes;

  ConfigException(String file, List<Mistake> mistakes) {
    super(text(file, mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  /** What is wrong; at least one. */
  public List<Mistake> mistakes() {
    return mistakes;
  }

  /** One line per mistake; never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  private static String text(String file, List<Mistake> mistakes) {
    return mistakes.stream()
        .map(mistake -> (mistake.at().isPresent() ? file + ":" : "") + mistake)
        .collect(Collectors.joining("\n"));
  }
}
