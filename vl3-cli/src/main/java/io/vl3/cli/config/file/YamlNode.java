package io.vl3.cli.config.file;

import io.vl3.cli.config.mistake.Position;
import java.util.List;

/** A piece of a YAML document that knows where it stands. */
public sealed interface YamlNode {

  /** Where it begins. */
  Position at();

  /** The text that a message shows for it. */
  String shown();

  /** The type of a scalar, by its text. */
  public enum Type {
    TEXT,
    INTEGER,
    DECIMAL,
    BOOLEAN,
    NOTHING,
    /** There is a value, and a mistake was noted about it already. */
    UNREAD
  }

  /** Stands for a value that was noted as a mistake. */
  static YamlNode unread(Position at) {
    return new Scalar(at, "", Type.UNREAD);
  }

  /** A single value, as written. */
  record Scalar(Position at, String text, Type type) implements YamlNode {
    @Override
    public String shown() {
      return type == Type.NOTHING ? "nothing" : text.isEmpty() ? "\"\"" : text;
    }
  }

  /** A list. */
  record Items(Position at, List<YamlNode> items) implements YamlNode {
    @Override
    public String shown() {
      return "a list";
    }
  }

  /** Keys with values; the same key may occur twice, which the reader of the section reports. */
  record Mapping(Position at, List<Entry> entries) implements YamlNode {
    @Override
    public String shown() {
      return "a section";
    }
  }

  /** One key of a mapping. */
  public record Entry(String key, Position keyAt, YamlNode value) {}
}
