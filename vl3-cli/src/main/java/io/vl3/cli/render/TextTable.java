package io.vl3.cli.render;

import io.vl3.log.Printable;
import java.util.ArrayList;
import java.util.List;

/** Rows of printable text in columns as wide as their widest cell. */
final class TextTable {

  private final List<List<String>> rows = new ArrayList<>();

  TextTable row(List<String> cells) {
    rows.add(cells.stream().map(Printable::of).toList());
    return this;
  }

  /** The rows, each ended by a line feed, none by blanks. */
  String indented(String indent) {
    int[] widths = widths();
    StringBuilder out = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(indent);
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
    return out.toString();
  }

  private int[] widths() {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }
}
