package io.vl3.cli.admin;

import io.vl3.internal.log.Printable;

/** Text in as many lines of a terminal as it needs. */
public final class Paragraph {

  private Paragraph() {}

  /** The lines, each with the indent and ended by a line feed; a longer word has one of its own. */
  public static String of(String indent, String text) {
    StringBuilder out = new StringBuilder();
    StringBuilder line = new StringBuilder(indent);
    for (String word : Printable.of(text).split(" ", -1)) {
      if (line.length() > indent.length() && line.length() + word.length() > StatusText.WIDTH) {
        out.append(line.toString().stripTrailing()).append('\n');
        line = new StringBuilder(indent);
      }
      line.append(word).append(' ');
    }
    return out.append(line.toString().stripTrailing()).append('\n').toString();
  }
}
