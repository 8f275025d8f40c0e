package io.vl3.cli.reload;

/**
 * A setting that differs between two configurations.
 *
 * @param path with the endpoint's name, if it is one's
 */
record Difference(String path, Setting.Change change, String before, String after) {

  @Override
  public String toString() {
    return "%s: %s (was %s)".formatted(path, after, before);
  }
}
