package io.vl3.cli.config.read;

/**
 * Where a configuration's text is from.
 *
 * @param name what stands before the line of a mistake
 * @param said follows a key in the words that say what decided
 */
record Origin(String name, String said) {

  /** The origin of defaults where there is no file. */
  static final Origin POD = new Origin("environment", "by default, as in NSM's own vL3");

  static Origin file(String name) {
    return new Origin(name, "in the file");
  }
}
