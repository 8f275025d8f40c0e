package io.vl3.vpp.api;

import io.vl3.vpp.api.ApiException.Kind;
import io.vl3.vpp.api.ApiType.Counted;
import io.vl3.vpp.api.ApiType.Enumeration;
import io.vl3.vpp.api.ApiType.Fixed;
import io.vl3.vpp.api.ApiType.Scalar;
import io.vl3.vpp.api.ApiType.Structure;
import io.vl3.vpp.api.ApiType.Text;
import io.vl3.vpp.api.ApiType.Union;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads values as a description has them. Nothing is made room for that the message does not hold.
 * Used for one message; of what follows the last field nothing is said.
 */
final class Decoder {

  private final ByteBuffer in;

  private Decoder(ByteBuffer in) {
    this.in = in;
  }

  /**
   * Reads a message.
   *
   * @throws ApiException UNREADABLE if it ends too early, or counts more than it holds
   */
  static ApiStruct decode(MessageType type, ByteBuffer octets) throws ApiException {
    ByteBuffer in = octets.slice().order(ByteOrder.BIG_ENDIAN);
    try {
      return new Decoder(in).structure(type.structure());
    } catch (BufferUnderflowException | IllegalArgumentException early) {
      throw new ApiException(
          Kind.UNREADABLE,
          "%s: ends within its fields (expected: %s)".formatted(type.name(), type.nameAndCrc()),
          early);
    }
  }

  private ApiStruct structure(Structure type) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (ApiField field : type.fields()) {
      values.put(field.name(), value(field.type(), values));
    }
    return ApiStruct.owning(values);
  }

  private Object value(ApiType type, Map<String, Object> before) {
    if (type instanceof Scalar scalar) {
      return scalar(scalar);
    } else if (type instanceof Enumeration enumeration) {
      return scalar(enumeration.scalar());
    } else if (type instanceof Text text) {
      return text(text);
    } else if (type instanceof Structure structure) {
      return structure(structure);
    } else if (type instanceof Union union) {
      return union(union);
    } else if (type instanceof Fixed fixed) {
      return many(fixed.element(), fixed.count());
    }
    Counted counted = (Counted) type;
    if (counted.countedBy().isPresent()) {
      return many(counted.element(), count(before.get(counted.countedBy().get())));
    }
    return rest(counted.element());
  }

  private Object scalar(Scalar scalar) {
    return switch (scalar) {
      case BOOL -> in.get() != 0;
      case U8 -> (long) (in.get() & 0xff);
      case I8 -> (long) in.get();
      case U16 -> (long) (in.getShort() & 0xffff);
      case I16 -> (long) in.getShort();
      case U32 -> in.getInt() & 0xffffffffL;
      case I32 -> (long) in.getInt();
      case U64, I64 -> in.getLong();
      case F64 -> {
        double number = in.order(ByteOrder.nativeOrder()).getDouble();
        in.order(ByteOrder.BIG_ENDIAN);
        yield number;
      }
    };
  }

  private String text(Text type) {
    int octets = type.octets() > 0 ? type.octets() : in.getInt();
    String text = new String(octets(octets), StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  private ApiStruct union(Union type) {
    int begin = in.position();
    int end = begin;
    Map<String, Object> values = new LinkedHashMap<>();
    for (ApiField field : type.fields()) {
      in.position(begin);
      values.put(field.name(), value(field.type(), values));
      end = Math.max(end, in.position());
    }
    in.position(end);
    return ApiStruct.owning(values);
  }

  private Object many(ApiType element, int count) {
    if (element == Scalar.U8) {
      return ApiBytes.of(octets(count));
    }
    List<Object> all = new ArrayList<>(Math.min(count, in.remaining()));
    int begin = 0;
    int size = 0;
    for (int i = 0; i < count; i++) {
      if (isRepeated(begin, size)) {
        all.add(all.get(i - 1));
        in.position(in.position() + size);
      } else {
        begin = in.position();
        all.add(value(element, Map.of()));
        size = in.position() - begin;
      }
    }
    return List.copyOf(all);
  }

  /**
   * Whether what was read last stands there once more, as in a path's 16 labels, of which few are
   * used.
   */
  private boolean isRepeated(int begin, int size) {
    int now = in.position();
    return size > 0 && size <= in.remaining() && in.slice(begin, size).equals(in.slice(now, size));
  }

  private Object rest(ApiType element) {
    if (element == Scalar.U8) {
      return ApiBytes.of(octets(in.remaining()));
    }
    List<Object> all = new ArrayList<>();
    int before = -1;
    while (in.hasRemaining() && in.position() != before) {
      before = in.position();
      all.add(value(element, Map.of()));
    }
    return List.copyOf(all);
  }

  /** An element takes at least one octet, so no more are counted than there are octets. */
  private int count(@Nullable Object counter) {
    long count = counter instanceof Number number ? number.longValue() : -1;
    if (count < 0 || count > in.remaining()) {
      throw new BufferUnderflowException();
    }
    return (int) count;
  }

  private byte[] octets(int count) {
    if (count < 0 || count > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] octets = new byte[count];
    in.get(octets);
    return octets;
  }
}
