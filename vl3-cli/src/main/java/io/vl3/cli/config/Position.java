package io.vl3.cli.config;

/**
 * A place in a text.
 *
 * @param line counted from 1
 * @param column counted from 1
 */
record Position(int line, int column) implements Comparable<Position> {

  static final Position START = new Position(1, 1);

  @Override
  public int compareTo(Position other) {
    int byLine = Integer.compare(line, other.line);
    return byLine != 0 ? byLine : Integer.compare(column, other.column);
  }

  /** {@code line:column}. */
  @Override
  public String toString() {
    return line + ":" + column;
  }
}
