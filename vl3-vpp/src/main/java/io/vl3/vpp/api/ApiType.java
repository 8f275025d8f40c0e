package io.vl3.vpp.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a field is written: what an {@code .api.json} file says of its type. Immutable. */
public sealed interface ApiType {

  /** A number of a fixed size, written with its highest octet first, or a truth value. */
  enum Scalar implements ApiType {
    U8("u8", 1),
    I8("i8", 1),
    BOOL("bool", 1),
    U16("u16", 2),
    I16("i16", 2),
    U32("u32", 4),
    I32("i32", 4),
    U64("u64", 8),
    I64("i64", 8),
    /** A number with a point, which alone is written in the order of VPP's machine. */
    F64("f64", 8);

    private final String word;
    private final int octets;

    Scalar(String word, int octets) {
      this.word = word;
      this.octets = octets;
    }

    /** How descriptions call it. */
    public String word() {
      return word;
    }

    /** How many octets it takes. */
    public int octets() {
      return octets;
    }

    static Optional<Scalar> of(String word) {
      for (Scalar scalar : values()) {
        if (scalar.word.equals(word)) {
          return Optional.of(scalar);
        }
      }
      return Optional.empty();
    }
  }

  /**
   * Text in UTF-8.
   *
   * @param octets how many octets it takes, filled with zeros; 0: as many as it has, its length
   *     before it
   */
  record Text(int octets) implements ApiType {}

  /**
   * A number with names for some values; in messages it is the number.
   *
   * @param name its name
   * @param scalar how it is written
   * @param constants the values by their names
   * @param flags whether values are added up
   */
  record Enumeration(String name, Scalar scalar, Map<String, Long> constants, boolean flags)
      implements ApiType {

    /** Copies the map. */
    public Enumeration {
      constants = Map.copyOf(constants);
    }

    /** The name of a value; empty if it has none. */
    public Optional<String> nameOf(long value) {
      return constants.entrySet().stream()
          .filter(constant -> constant.getValue() == value)
          .map(Map.Entry::getKey)
          .sorted()
          .findFirst();
    }
  }

  /**
   * Fields one after the other.
   *
   * @param name its name
   * @param fields in their order
   */
  record Structure(String name, List<ApiField> fields) implements ApiType {

    /** Copies the list. */
    public Structure {
      fields = List.copyOf(fields);
    }
  }

  /**
   * Fields in one place, as large as the largest. Read, it has all of them; to be written it needs
   * one, and of several the largest counts.
   *
   * @param name its name
   * @param fields the alternatives
   */
  record Union(String name, List<ApiField> fields) implements ApiType {

    /** Copies the list. */
    public Union {
      fields = List.copyOf(fields);
    }
  }

  /**
   * So many of one type; of u8 they are {@link ApiBytes}.
   *
   * @param element the type of each
   * @param count how many
   */
  record Fixed(ApiType element, int count) implements ApiType {}

  /**
   * As many as an earlier field says, or as there are up to the end of the message.
   *
   * @param element the type of each
   * @param countedBy the field with their number; empty: up to the end
   */
  record Counted(ApiType element, Optional<String> countedBy) implements ApiType {}
}
