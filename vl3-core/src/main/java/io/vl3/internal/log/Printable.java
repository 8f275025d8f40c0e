package io.vl3.internal.log;

import java.util.Locale;

/**
 * Text from outside as it may be shown: in a log, on a terminal, in a label. It stays on its line,
 * moves no cursor, changes no direction of writing; what would is written out, as in {@code \n},
 * {@code \u001b}.
 */
public final class Printable {

  private Printable() {}

  /** The text, with everything that is no visible character or blank written out. */
  public static String of(String text) {
    return text.codePoints().allMatch(Printable::isShown) ? text : escaped(text, false);
  }

  /** The same for a text of several lines, whose line feeds are ours. */
  public static String lines(String text) {
    return text.codePoints().allMatch(c -> c == '\n' || isShown(c)) ? text : escaped(text, true);
  }

  private static String escaped(String text, boolean keepingLines) {
    StringBuilder shown = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (isShown(c) || (keepingLines && c == '\n')) {
                shown.appendCodePoint(c);
              } else {
                shown.append(written(c));
              }
            });
    return shown.toString();
  }

  private static boolean isShown(int c) {
    if (c < 0x7f) {
      return c >= ' ';
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  private static String written(int c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default ->
          c > 0xffff
              ? String.format(Locale.ROOT, "\\u{%x}", c)
              : String.format(Locale.ROOT, "\\u%04x", c);
    };
  }
}
