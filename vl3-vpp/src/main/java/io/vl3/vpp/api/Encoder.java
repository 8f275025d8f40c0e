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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes values as a description has them, up to a size. Used for one message. */
final class Encoder {

  private final String message;
  private final ByteBuffer out;

  /** The way from the message to the value: names of fields, and numbers in arrays. */
  private final List<Object> way = new ArrayList<>();

  private Encoder(String message, int largest) {
    this.message = message;
    this.out = ByteBuffer.allocate(largest);
  }

  /**
   * Writes a message.
   *
   * @throws ApiException UNFIT_VALUE naming the field
   */
  static byte[] encode(MessageType type, ApiStruct values, int largest) throws ApiException {
    int size = Math.min(largest, size(type.structure(), values) + 64);
    Encoder encoder = new Encoder(type.name(), size);
    try {
      encoder.structure(type.structure(), values);
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
      return size(structure, value instanceof ApiStruct given ? given : ApiStruct.EMPTY);
    } else if (type instanceof Union union) {
      return size(union);
    } else if (type instanceof Fixed fixed) {
      return fixed.count() * size(fixed.element(), null);
    }
    Counted counted = (Counted) type;
    if (value instanceof ApiBytes octets) {
      return octets.size();
    }
    int sum = 0;
    if (value instanceof List<?> many) {
      for (Object one : many) {
        sum += size(counted.element(), one);
      }
    }
    return sum;
  }

  private static int size(Structure type, ApiStruct values) {
    int sum = 0;
    for (ApiField field : type.fields()) {
      sum += size(field.type(), values.values().get(field.name()));
    }
    return sum;
  }

  private static int size(Union type) {
    int most = 0;
    for (ApiField field : type.fields()) {
      most = Math.max(most, size(field.type(), null));
    }
    return most;
  }

  private void structure(Structure type, ApiStruct values) throws ApiException {
    for (String given : values.values().keySet()) {
      if (!hasField(type, given)) {
        way.add(given);
        throw unfit("no such field", names(type.fields()));
      }
    }
    for (ApiField field : type.fields()) {
      Object value = values.values().get(field.name());
      Object counted = value == null ? count(type, field, values) : value;
      write(field.type(), counted == null ? field.standard().orElse(null) : counted, field.name());
    }
  }

  private static boolean hasField(Structure type, String name) {
    for (ApiField field : type.fields()) {
      if (field.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** A field that counts another need not be said. */
  private static @Nullable Object count(Structure type, ApiField counter, ApiStruct values) {
    if (!(counter.type() instanceof Scalar)) {
      return null;
    }
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

  /**
   * Writes a value within another.
   *
   * @param step from that to it
   */
  private void write(ApiType type, @Nullable Object value, Object step) throws ApiException {
    way.add(step);
    write(type, value);
    way.remove(way.size() - 1);
  }

  private void write(ApiType type, @Nullable Object value) throws ApiException {
    if (type instanceof Scalar scalar) {
      scalar(scalar, value);
    } else if (type instanceof Enumeration enumeration) {
      scalar(enumeration.scalar(), number(enumeration, value));
    } else if (type instanceof Text text) {
      text(text, value);
    } else if (type instanceof Structure structure) {
      structure(structure, value == null ? ApiStruct.EMPTY : as(ApiStruct.class, value));
    } else if (type instanceof Union union) {
      union(union, value);
    } else if (type instanceof Fixed fixed) {
      fixed(fixed, value);
    } else {
      counted((Counted) type, value);
    }
  }

  private void scalar(Scalar scalar, @Nullable Object value) throws ApiException {
    if (scalar == Scalar.F64) {
      double number = value == null ? 0 : as(Number.class, value).doubleValue();
      out.order(ByteOrder.nativeOrder()).putDouble(number).order(ByteOrder.BIG_ENDIAN);
      return;
    }
    if (scalar == Scalar.BOOL) {
      boolean yes = value instanceof Boolean is ? is : value != null && number(value) != 0;
      out.put((byte) (yes ? 1 : 0));
      return;
    }
    long number = value == null ? 0 : number(value);
    int bits = 8 * scalar.octets();
    if (bits < 64 && (number >= 1L << bits || number < -(1L << (bits - 1)))) {
      throw unfit(number, scalar.word());
    }
    switch (scalar.octets()) {
      case 1 -> out.put((byte) number);
      case 2 -> out.putShort((short) number);
      case 4 -> out.putInt((int) number);
      default -> out.putLong(number);
    }
  }

  private long number(Object value) throws ApiException {
    if (value instanceof Boolean is) {
      return is ? 1 : 0;
    }
    return as(Number.class, value).longValue();
  }

  private long number(Enumeration type, @Nullable Object value) throws ApiException {
    if (value == null) {
      return 0;
    }
    if (value instanceof Collection<?> names) {
      long sum = 0;
      for (Object name : names) {
        sum |= number(type, name);
      }
      return sum;
    }
    if (value instanceof String name) {
      Long constant = type.constants().get(name);
      if (constant == null) {
        throw unfit(name, String.join(", ", type.constants().keySet()));
      }
      return constant;
    }
    return number(value);
  }

  private void text(Text type, @Nullable Object value) throws ApiException {
    byte[] octets =
        value == null ? new byte[0] : as(String.class, value).getBytes(StandardCharsets.UTF_8);
    if (type.octets() == 0) {
      out.putInt(octets.length).put(octets);
      return;
    }
    if (octets.length >= type.octets()) {
      throw unfit("'" + value + "'", "at most %d octets".formatted(type.octets() - 1));
    }
    out.put(octets).put(new byte[type.octets() - octets.length]);
  }

  private void union(Union type, @Nullable Object value) throws ApiException {
    int end = out.position() + size(type);
    if (value instanceof ApiBytes octets) {
      octets(octets, end - out.position());
    } else if (value != null) {
      Map<String, Object> given = as(ApiStruct.class, value).values();
      ApiField field =
          type.fields().stream()
              .filter(one -> given.containsKey(one.name()))
              .max(Comparator.comparingInt(one -> size(one.type(), null)))
              .orElseThrow(() -> unfit(given.keySet(), "one of " + names(type.fields())));
      write(field.type(), given.get(field.name()), field.name());
    }
    out.put(new byte[end - out.position()]);
  }

  private void fixed(Fixed type, @Nullable Object value) throws ApiException {
    if (type.element() == Scalar.U8) {
      ApiBytes octets =
          value == null ? ApiBytes.of(new byte[type.count()]) : as(ApiBytes.class, value);
      octets(octets, type.count());
      out.put(new byte[type.count() - octets.size()]);
      return;
    }
    List<?> many = value == null ? List.of() : as(List.class, value);
    if (many.size() > type.count()) {
      throw unfit(many.size(), "at most %d".formatted(type.count()));
    }
    for (int i = 0; i < many.size(); i++) {
      write(type.element(), many.get(i), i);
    }
    fill(type.element(), type.count() - many.size());
  }

  /** Writes values that are not said: all alike, so that one is written and copied. */
  private void fill(ApiType element, int count) throws ApiException {
    if (count == 0) {
      return;
    }
    int begin = out.position();
    write(element, null);
    byte[] one = new byte[out.position() - begin];
    out.get(begin, one);
    for (int i = 1; i < count; i++) {
      out.put(one);
    }
  }

  private void counted(Counted type, @Nullable Object value) throws ApiException {
    if (value == null) {
      return;
    }
    if (value instanceof ApiBytes octets && type.element() == Scalar.U8) {
      octets(octets, Integer.MAX_VALUE);
      return;
    }
    for (Object one : as(List.class, value)) {
      write(type.element(), one);
    }
  }

  private void octets(ApiBytes octets, int most) throws ApiException {
    if (octets.size() > most) {
      throw unfit(octets.size() + " octets", "at most %d".formatted(most));
    }
    out.put(octets.toArray());
  }

  private <T> T as(Class<T> type, Object value) throws ApiException {
    if (!type.isInstance(value)) {
      throw unfit(value, type.getSimpleName());
    }
    return type.cast(value);
  }

  private static List<String> names(List<ApiField> fields) {
    return fields.stream().map(ApiField::name).toList();
  }

  private String place() {
    StringBuilder place = new StringBuilder(message);
    for (Object step : way) {
      place.append(step instanceof Integer ? "[" + step + "]" : "." + step);
    }
    return place.toString();
  }

  private ApiException unfit(Object value, Object expected) {
    return new ApiException(
        Kind.UNFIT_VALUE, "%s: %s (expected: %s)".formatted(place(), value, expected));
  }
}
