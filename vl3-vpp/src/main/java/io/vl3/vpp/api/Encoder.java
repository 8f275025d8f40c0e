package io.vl3.vpp.api;

import io.vl3.vpp.api.ApiException.Kind;
import io.vl3.vpp.api.ApiType.Counted;
import io.vl3.vpp.api.ApiType.Enumeration;
import io.vl3.vpp.api.ApiType.Fixed;
import io.vl3.vpp.api.ApiType.Scalar;
import io.vl3.vpp.api.ApiType.Structure;
import io.vl3.vpp.api.ApiType.Text;
import io.vl3.vpp.api.ApiType.Union;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes values as a description has them, up to a size. Used for one message. */
final class Encoder {

  private final ByteBuffer out;

  private Encoder(int largest) {
    this.out = ByteBuffer.allocate(largest);
  }

  /**
   * Writes a message.
   *
   * @throws ApiException UNFIT_VALUE naming the field
   */
  static byte[] encode(MessageType type, ApiStruct values, int largest) throws ApiException {
    Encoder encoder = new Encoder(Math.min(largest, size(type.structure(), values) + 64));
    try {
      encoder.structure(type.structure(), values, type.name());
    } catch (BufferOverflowException tooMuch) {
      throw new ApiException(
          Kind.UNFIT_VALUE,
          "%s: larger than %d octets (expected: at most)".formatted(type.name(), largest),
          tooMuch);
    }
    byte[] octets = new byte[encoder.out.position()];
    encoder.out.flip().get(octets);
    return octets;
  }

  /** How large a value is at most; what is no value for the type counts nothing. */
  private static int size(ApiType type, @Nullable Object value) {
    if (type instanceof Scalar scalar) {
      return scalar.octets();
    } else if (type instanceof Enumeration enumeration) {
      return enumeration.scalar().octets();
    } else if (type instanceof Text text) {
      return text.octets() > 0
          ? text.octets()
          : 4 + (value instanceof String said ? 3 * said.length() : 0);
    } else if (type instanceof Structure structure) {
      ApiStruct values = value instanceof ApiStruct given ? given : ApiStruct.EMPTY;
      return structure.fields().stream()
          .mapToInt(field -> size(field.type(), values.values().get(field.name())))
          .sum();
    } else if (type instanceof Union union) {
      return union.fields().stream().mapToInt(field -> size(field.type(), null)).max().orElse(0);
    } else if (type instanceof Fixed fixed) {
      return fixed.count() * size(fixed.element(), null);
    }
    Counted counted = (Counted) type;
    if (value instanceof ApiBytes octets) {
      return octets.size();
    }
    return value instanceof List<?> many
        ? many.stream().mapToInt(one -> size(counted.element(), one)).sum()
        : 0;
  }

  private void structure(Structure type, ApiStruct values, String at) throws ApiException {
    for (String given : values.values().keySet()) {
      if (type.fields().stream().noneMatch(field -> field.name().equals(given))) {
        throw unfit(at + "." + given, "no such field", names(type.fields()));
      }
    }
    for (ApiField field : type.fields()) {
      Object value = values.values().get(field.name());
      Object counted = value == null ? count(type, field, values) : value;
      write(field.type(), counted == null ? field.standard().orElse(null) : counted, at, field);
    }
  }

  /** A field that counts another need not be said. */
  private static @Nullable Object count(Structure type, ApiField counter, ApiStruct values) {
    for (ApiField field : type.fields()) {
      if (field.type() instanceof Counted counted
          && counted.countedBy().filter(counter.name()::equals).isPresent()) {
        Object many = values.values().get(field.name());
        return many instanceof ApiBytes octets
            ? (Object) octets.size()
            : many instanceof List<?> list ? list.size() : null;
      }
    }
    return null;
  }

  private void write(ApiType type, @Nullable Object value, String at, ApiField field)
      throws ApiException {
    write(type, value, at + "." + field.name());
  }

  private void write(ApiType type, @Nullable Object value, String at) throws ApiException {
    if (type instanceof Scalar scalar) {
      scalar(scalar, value, at);
    } else if (type instanceof Enumeration enumeration) {
      scalar(enumeration.scalar(), number(enumeration, value, at), at);
    } else if (type instanceof Text text) {
      text(text, value, at);
    } else if (type instanceof Structure structure) {
      structure(structure, value == null ? ApiStruct.EMPTY : as(ApiStruct.class, value, at), at);
    } else if (type instanceof Union union) {
      union(union, value, at);
    } else if (type instanceof Fixed fixed) {
      fixed(fixed, value, at);
    } else {
      counted((Counted) type, value, at);
    }
  }

  private void scalar(Scalar scalar, @Nullable Object value, String at) throws ApiException {
    if (scalar == Scalar.F64) {
      double number = value == null ? 0 : as(Number.class, value, at).doubleValue();
      out.order(ByteOrder.nativeOrder()).putDouble(number).order(ByteOrder.BIG_ENDIAN);
      return;
    }
    if (scalar == Scalar.BOOL) {
      boolean yes = value instanceof Boolean is ? is : value != null && number(value, at) != 0;
      out.put((byte) (yes ? 1 : 0));
      return;
    }
    long number = value == null ? 0 : number(value, at);
    int bits = 8 * scalar.octets();
    if (bits < 64 && (number >= 1L << bits || number < -(1L << (bits - 1)))) {
      throw unfit(at, number, scalar.word());
    }
    switch (scalar.octets()) {
      case 1 -> out.put((byte) number);
      case 2 -> out.putShort((short) number);
      case 4 -> out.putInt((int) number);
      default -> out.putLong(number);
    }
  }

  private static long number(Object value, String at) throws ApiException {
    if (value instanceof Boolean is) {
      return is ? 1 : 0;
    }
    return as(Number.class, value, at).longValue();
  }

  private static long number(Enumeration type, @Nullable Object value, String at)
      throws ApiException {
    if (value == null) {
      return 0;
    }
    if (value instanceof Collection<?> names) {
      long sum = 0;
      for (Object name : names) {
        sum |= number(type, name, at);
      }
      return sum;
    }
    if (value instanceof String name) {
      Long constant = type.constants().get(name);
      if (constant == null) {
        throw unfit(at, name, String.join(", ", type.constants().keySet()));
      }
      return constant;
    }
    return number(value, at);
  }

  private void text(Text type, @Nullable Object value, String at) throws ApiException {
    byte[] octets =
        value == null ? new byte[0] : as(String.class, value, at).getBytes(StandardCharsets.UTF_8);
    if (type.octets() == 0) {
      out.putInt(octets.length).put(octets);
      return;
    }
    if (octets.length >= type.octets()) {
      throw unfit(at, "'" + value + "'", "at most %d octets".formatted(type.octets() - 1));
    }
    out.put(octets).put(new byte[type.octets() - octets.length]);
  }

  private void union(Union type, @Nullable Object value, String at) throws ApiException {
    int end = out.position() + size(type, null);
    if (value instanceof ApiBytes octets) {
      octets(octets, at, end - out.position());
    } else if (value != null) {
      Map<String, Object> given = as(ApiStruct.class, value, at).values();
      ApiField field =
          type.fields().stream()
              .filter(one -> given.containsKey(one.name()))
              .max(Comparator.comparingInt(one -> size(one.type(), null)))
              .orElseThrow(() -> unfit(at, given.keySet(), "one of " + names(type.fields())));
      write(field.type(), given.get(field.name()), at, field);
    }
    out.put(new byte[end - out.position()]);
  }

  private void fixed(Fixed type, @Nullable Object value, String at) throws ApiException {
    if (type.element() == Scalar.U8) {
      ApiBytes octets =
          value == null ? ApiBytes.of(new byte[type.count()]) : as(ApiBytes.class, value, at);
      octets(octets, at, type.count());
      out.put(new byte[type.count() - octets.size()]);
      return;
    }
    List<?> many = value == null ? List.of() : as(List.class, value, at);
    if (many.size() > type.count()) {
      throw unfit(at, many.size(), "at most %d".formatted(type.count()));
    }
    for (int i = 0; i < type.count(); i++) {
      write(type.element(), i < many.size() ? many.get(i) : null, at + "[" + i + "]");
    }
  }

  private void counted(Counted type, @Nullable Object value, String at) throws ApiException {
    if (value == null) {
      return;
    }
    if (value instanceof ApiBytes octets && type.element() == Scalar.U8) {
      octets(octets, at, Integer.MAX_VALUE);
      return;
    }
    for (Object one : as(List.class, value, at)) {
      write(type.element(), one, at);
    }
  }

  private void octets(ApiBytes octets, String at, int most) throws ApiException {
    if (octets.size() > most) {
      throw unfit(at, octets.size() + " octets", "at most %d".formatted(most));
    }
    out.put(octets.toArray());
  }

  private static <T> T as(Class<T> type, Object value, String at) throws ApiException {
    if (!type.isInstance(value)) {
      throw unfit(at, value, type.getSimpleName());
    }
    return type.cast(value);
  }

  private static List<String> names(List<ApiField> fields) {
    return fields.stream().map(ApiField::name).toList();
  }

  private static ApiException unfit(String at, Object value, Object expected) {
    return new ApiException(
        Kind.UNFIT_VALUE, "%s: %s (expected: %s)".formatted(at, value, expected));
  }
}
