package io.vl3.cli.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A reader of what is in such a file; it fails where the file is none. */
public final class Pcapng {

  public final List<String> interfaces = new ArrayList<>();
  public final List<String> descriptions = new ArrayList<>();
  public int packets;
  public int longest;
  public int longestKept;
  public long leastNanos = Long.MAX_VALUE;

  /** Reads it. */
  public static Pcapng of(byte[] bytes) {
    Pcapng read = new Pcapng();
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(file.getInt(0)).isEqualTo(0x0A0D0D0A);
    assertThat(file.getInt(8)).isEqualTo(0x1A2B3C4D);
    while (file.hasRemaining()) {
      int type = file.getInt();
      int length = file.getInt();
      assertThat(length % 4).isZero();
      ByteBuffer body = file.slice(file.position(), length - 12).order(ByteOrder.LITTLE_ENDIAN);
      file.position(file.position() + length - 12);
      assertThat(file.getInt()).isEqualTo(length);
      read.block(type, body);
    }
    return read;
  }

  private void block(int type, ByteBuffer body) {
    if (type == 1) {
      Map<Integer, byte[]> options = options(body, 8);
      interfaces.add(new String(options.get(2), StandardCharsets.UTF_8));
      descriptions.add(new String(options.get(3), StandardCharsets.UTF_8));
      assertThat(options.get(9)).containsExactly(9);
    } else if (type == 6) {
      packets++;
      assertThat(body.getInt(0)).isLessThan(interfaces.size());
      long nanos = ((long) body.getInt(4) << 32) | Integer.toUnsignedLong(body.getInt(8));
      leastNanos = Math.min(leastNanos, nanos);
      longestKept = Math.max(longestKept, body.getInt(12));
      longest = Math.max(longest, body.getInt(16));
      int data = (body.getInt(12) + 3) & ~3;
      assertThat(options(body, 20 + data).get(2)[0]).isBetween((byte) 1, (byte) 2);
    }
  }

  static Map<Integer, byte[]> options(ByteBuffer body, int begin) {
    Map<Integer, byte[]> options = new HashMap<>();
    int at = begin;
    while (body.getShort(at) != 0) {
      byte[] value = new byte[body.getShort(at + 2)];
      body.get(at + 4, value);
      options.put((int) body.getShort(at), value);
      at += 4 + ((value.length + 3) & ~3);
    }
    return options;
  }
}
