package io.vl3.cli.config.mistake;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration with mistakes; it holds all of them, in the file's order. */
public final class ConfigException extends Exception {

  /** A file with more mistakes has lost its form, which the first ones show. */
  private static final int MOST = 100;

  private final List<Mistake> mistakes;

  public ConfigException(String file, List<Mistake> mistakes) {
    super(text(file, mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  /** The mistakes; at least one. */
  public List<Mistake> mistakes() {
    return mistakes;
  }

  /** One line per mistake, up to a hundred; never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  private static String text(String file, List<Mistake> mistakes) {
    String shown =
        mistakes.stream()
            .limit(MOST)
            .map(mistake -> (mistake.at().isPresent() ? file + ":" : "") + mistake)
            .collect(Collectors.joining("\n"));
    int more = mistakes.size() - MOST;
    return more > 0 ? shown + "\n... and %d more".formatted(more) : shown;
  }
}
