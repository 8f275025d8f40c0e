package io.vl3.cli.render;

import io.vl3.internal.log.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Rows of printable text in columns as wide as their widest cell. */
public final class TextTable {

  /** No column is cut below that. */
  private static final int LEAST = 6;

  private final List<List<String>> rows = new ArrayList<>();

  /** Nothing yet. */
  public TextTable() {}

  /** Adds a row; what would leave its line is written out. */
  public TextTable row(List<String> cells) {
    rows.add(cells.stream().map(Printable::of).toList());
    return this;
  }

  /** The rows, each ended by a line feed, none by blanks. */
  public String indented(String indent) {
    return text(indent, widths(), cell -> cell);
  }

  /**
   * The rows in lines of a width at most: of the widest columns the middle is cut out, as names
   * differ at their ends.
   *
   * @param indent what each line begins with
   * @param width in characters
   * @param paint may add colours to a cell that is cut and padded already
   */
  public String fitting(String indent, int width, UnaryOperator<String> paint) {
    int[] widths = widths();
    int most = width - indent.length() - 2 * Math.max(0, widths.length - 1);
    while (IntStream.of(widths).sum() > most && IntStream.of(widths).max().orElse(0) > LEAST) {
      widths[widest(widths)]--;
    }
    return text(indent, widths, paint);
  }

  private static int widest(int[] widths) {
    return IntStream.range(0, widths.length)
        .reduce((a, b) -> widths[b] > widths[a] ? b : a)
        .orElseThrow();
  }

  private String text(String indent, int[] widths, UnaryOperator<String> paint) {
    StringBuilder out = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(indent);
      for (int i = 0; i < row.size(); i++) {
        String cell = cut(row.get(i), widths[i]);
        line.append(paint.apply(cell)).append(" ".repeat(widths[i] - cell.length() + 2));
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
    return out.toString();
  }

  private static String cut(String cell, int width) {
    if (cell.length() <= width) {
      return cell;
    }
    int end = (width - 1) / 2;
    return cell.substring(0, width - 2 - end) + ".." + cell.substring(cell.length() - end);
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
