package io.vl3.cli.config.mistake;

import java.util.Comparator;
import java.util.Optional;

/**
 * One thing wrong in the configuration.
 *
 * @param at where in the file; empty for a variable or an option
 * @param subject the key's path, or the variable or option
 * @param value the bad value, or what is the matter
 * @param expected what is allowed
 */
public record Mistake(Optional<Position> at, String subject, String value, String expected) {

  private static final int MAX_VALUE = 80;

  static final Comparator<Mistake> IN_FILE_ORDER =
      Comparator.comparing((Mistake m) -> m.at.orElse(new Position(Integer.MAX_VALUE, 1)))
          .thenComparing(Mistake::subject);

  /** Cuts an overlong value and escapes what would break the line. */
  public Mistake {
    value = printable(value.length() > MAX_VALUE ? value.substring(0, MAX_VALUE) + "..." : value);
  }

  /** {@code [line:column: ][subject: ]value (expected: ...)}. */
  @Override
  public String toString() {
    String place = at.map(p -> p + ": ").orElse("");
    String named = subject.isEmpty() ? "" : subject + ": ";
    return place + named + value + " (expected: " + expected + ")";
  }

  private static String printable(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      shown.append(Character.isISOControl(c) ? "\\u%04x".formatted((int) c) : String.valueOf(c));
    }
    return shown.toString();
  }
}
