package io.vl3.grpc.internal;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.log.Printable;
import io.vl3.internal.memory.SharedTexts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The place of a value in a message, named as the protocol names it, for errors. The text is built
 * only when something is wrong.
 */
final class Field {

  private static final int SHOWN_CHARACTERS = 100;
  private static final SharedTexts SHARED = SharedTexts.ofProcess();

  private final @Nullable Field parent;
  private final String name;
  private final int index;

  private Field(@Nullable Field parent, String name, int index) {
    this.parent = parent;
    this.name = name;
    this.index = index;
  }

  /** A message. */
  static Field root(String name) {
    return new Field(null, name, -1);
  }

  /** A field of this message. */
  Field sub(String field) {
    return new Field(this, field, -1);
  }

  private Field at(int place) {
    return new Field(parent, name, place);
  }

  /** The failure of this field, showing the value as far as it is readable. */
  EndpointException invalid(Object value, String expected) {
    return new EndpointException(
        Reason.INVALID, "%s: %s (expected: %s)".formatted(this, shown(value), expected));
  }

  /** Reads one value of a list. */
  @FunctionalInterface
  interface Reader<F, T> {
    T read(Field field, F value) throws EndpointException;
  }

  /** Reads a list, each value named by its place. */
  <F, T> List<T> list(List<F> values, int max, Reader<? super F, ? extends T> reader)
      throws EndpointException {
    checkCount(values, max);
    if (values.isEmpty()) {
      return List.of();
    }
    List<T> read = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      read.add(reader.read(at(i), values.get(i)));
    }
    return read;
  }

  /** A list of plain texts, bounded. */
  List<String> texts(List<String> values, int max) throws EndpointException {
    return list(values, max, Field::sharedText);
  }

  /**
   * A map of plain texts, bounded in entries and in characters of all together; most of them come
   * with many messages.
   */
  Map<String, String> map(Map<String, String> values) throws EndpointException {
    if (values.size() > Limits.MAP_ENTRIES) {
      throw invalid(values.size() + " entries", "at most " + Limits.MAP_ENTRIES);
    }
    int characters = 0;
    for (Map.Entry<String, String> entry : values.entrySet()) {
      characters += entry.getKey().length() + entry.getValue().length();
    }
    if (characters > Limits.MAP_CHARACTERS) {
      throw invalid(
          characters + " characters", "at most " + Limits.MAP_CHARACTERS + " in keys and values");
    }
    return shared(values);
  }

  private static Map<String, String> shared(Map<String, String> values) {
    if (values.isEmpty()) {
      return Map.of();
    }
    Map<String, String> shared = new HashMap<>();
    values.forEach((key, value) -> shared.put(SHARED.shared(key), SHARED.shared(value)));
    return shared;
  }

  /** A short text that comes with many messages, such as the name of a service. */
  String sharedText(String value) throws EndpointException {
    return SHARED.shared(text(value));
  }

  /** A short text. */
  String text(String value) throws EndpointException {
    if (value.length() > Limits.TEXT_CHARACTERS) {
      throw invalid(value.length() + " characters", "at most " + Limits.TEXT_CHARACTERS);
    }
    return value;
  }

  /** A text that must not be blank. */
  String required(String value) throws EndpointException {
    if (value.isBlank()) {
      throw invalid(value.isEmpty() ? "empty" : "blank", "text");
    }
    return text(value);
  }

  /**
   * The value that a parser reads from a text; its complaint is replaced by one that names this
   * field.
   */
  <T> T parsed(String value, Function<String, Optional<T>> parser, String expected)
      throws EndpointException {
    Optional<T> parsed = parser.apply(value);
    if (parsed.isEmpty()) {
      throw invalid(value.isEmpty() ? "empty" : value, expected);
    }
    return parsed.get();
  }

  /** An unsigned number within bounds. */
  int number(int value, int max) throws EndpointException {
    if (Integer.compareUnsigned(value, max) > 0) {
      throw invalid(Integer.toUnsignedString(value), "0.." + max);
    }
    return value;
  }

  void checkCount(Collection<?> values, int max) throws EndpointException {
    if (values.size() > max) {
      throw invalid(values.size() + " entries", "at most " + max);
    }
  }

  @Override
  public String toString() {
    String own = index < 0 ? name : name + "[" + index + "]";
    return parent == null ? own : parent + "." + own;
  }

  /** Bounded, and without line breaks or other control characters: it goes to logs. */
  private static String shown(Object value) {
    String text = value.toString();
    String cut =
        text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
    return Printable.of(cut);
  }
}
