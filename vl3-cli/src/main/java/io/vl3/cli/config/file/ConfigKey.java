package io.vl3.cli.config.file;

import java.util.List;

/**
 * One key of the file: what the reader accepts, the JSON schema says and the reference documents.
 *
 * @param path its path, {@code []} for each item of a list, as in {@code endpoints[].name}
 * @param kind what stands behind it
 * @param choices the allowed words of a {@link Kind#CHOICE}; else empty
 * @param minimum the least number of a {@link Kind#INTEGER}
 * @param maximum the greatest number of a {@link Kind#INTEGER}
 * @param standard the default as the reference shows it; may be empty
 * @param variable the environment variables that override it; may be empty
 * @param meaning one sentence
 */
public record ConfigKey(
    String path,
    Kind kind,
    List<String> choices,
    int minimum,
    int maximum,
    String standard,
    String variable,
    String meaning) {

  /** The kind of value behind a key. */
  enum Kind {
    /** Keys of its own. */
    SECTION("section"),
    /** A list of sections. */
    SECTIONS("list of sections"),
    /** Text. */
    TEXT("text"),
    /** Text that no message shows. */
    SECRET("text"),
    /** A whole number. */
    INTEGER("number"),
    /** One number, or one per pool. */
    INTEGER_OR_LIST("number or list of numbers"),
    /** A share of something. */
    RATIO("number, 0 to 1"),
    /** {@code true} or {@code false}. */
    BOOLEAN("true or false"),
    /** One of a few words. */
    CHOICE("one of"),
    /** A list of texts. */
    LIST("list of texts"),
    /** One text, or a list of them. */
    TEXT_OR_LIST("text or list of texts"),
    /** Free keys with text values. */
    MAP("texts by key");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    /** As people read it. */
    public String title() {
      return title;
    }
  }

  /** The last part of the path. */
  String name() {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** The pattern of the section the key stands in; empty for the top level. */
  String parent() {
    int dot = path.lastIndexOf('.');
    return dot < 0 ? "" : path.substring(0, dot);
  }

  static ConfigKey of(String path, Kind kind, String meaning) {
    return new ConfigKey(
        path, kind, List.of(), Integer.MIN_VALUE, Integer.MAX_VALUE, "", "", meaning);
  }

  ConfigKey standard(String text) {
    return new ConfigKey(path, kind, choices, minimum, maximum, text, variable, meaning);
  }

  ConfigKey variable(String text) {
    return new ConfigKey(path, kind, choices, minimum, maximum, standard, text, meaning);
  }

  ConfigKey choices(String... words) {
    return new ConfigKey(path, kind, List.of(words), minimum, maximum, standard, variable, meaning);
  }

  ConfigKey range(int least, int greatest) {
    return new ConfigKey(path, kind, choices, least, greatest, standard, variable, meaning);
  }
}
