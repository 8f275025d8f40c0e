package io.vl3.linux.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One received rtnetlink message: its fixed part and attributes. */
final class NetlinkReply {

  private final ByteBuffer payload;

  /** A reply over a copy of the message's bytes without its header. */
  NetlinkReply(byte[] payload) {
    this.payload = ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder());
  }

  int octet(int offset) {
    return payload.get(offset) & 0xff;
  }

  /** 16 bits. */
  int half(int offset) {
    return payload.getShort(offset) & 0xffff;
  }

  int number(int offset) {
    return payload.getInt(offset);
  }

  /** The attribute's bytes; the attributes start after a fixed part of the given size. */
  Optional<byte[]> attribute(int fixed, int wanted) {
    int at = fixed;
    while (at + 4 <= payload.limit()) {
      int length = payload.getShort(at) & 0xffff;
      if (length < 4 || at + length > payload.limit()) {
        break;
      }
      if ((payload.getShort(at + 2) & 0x3fff) == wanted) {
        byte[] value = new byte[length - 4];
        payload.get(at + 4, value);
        return Optional.of(value);
      }
      at += (length + 3) & ~3;
    }
    return Optional.empty();
  }

  Optional<String> text(int fixed, int wanted) {
    return attribute(fixed, wanted).map(NetlinkReply::text);
  }

  int number(int fixed, int wanted, int otherwise) {
    return attribute(fixed, wanted)
        .filter(value -> value.length >= 4)
        .map(value -> ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt())
        .orElse(otherwise);
  }

  /** The 64-bit numbers of an attribute that is a row of them; fewer if it is shorter. */
  long[] longs(int fixed, int wanted, int most) {
    ByteBuffer bytes =
        ByteBuffer.wrap(attribute(fixed, wanted).orElse(new byte[0]))
            .order(ByteOrder.nativeOrder());
    long[] numbers = new long[most];
    for (int i = 0; i < most && bytes.remaining() >= Long.BYTES; i++) {
      numbers[i] = bytes.getLong();
    }
    return numbers;
  }

  private static String text(byte[] terminated) {
    int length = 0;
    while (length < terminated.length && terminated[length] != 0) {
      length++;
    }
    return new String(terminated, 0, length, StandardCharsets.UTF_8);
  }
}
