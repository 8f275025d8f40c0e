package io.vl3.cli.capture;

import io.vl3.linux.PacketTap.Packet;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes packets of several interfaces with nanoseconds: pcapng (draft-ietf-opsawg-pcapng). An
 * interface is described before its first packet. For one thread.
 */
final class PcapngWriter {

  private static final int SECTION = 0x0A0D0D0A;
  private static final int INTERFACE = 1;
  private static final int ENHANCED_PACKET = 6;

  private static final int LINK_ETHERNET = 1;
  private static final int LINK_RAW_IP = 101;

  private static final short OPTION_NAME = 2;
  private static final short OPTION_DESCRIPTION = 3;
  private static final short OPTION_RESOLUTION = 9;
  private static final short OPTION_FLAGS = 2;
  private static final short OPTION_APPLICATION = 4;
  private static final byte INBOUND = 1;
  private static final byte OUTBOUND = 2;

  private final OutputStream out;
  private final int snapBytes;
  private final Function<String, String> descriptions;

  /** By index of the kernel: an interface that is made anew is another. */
  private final Map<Integer, Integer> interfaces = new HashMap<>();

  /**
   * Begins a file.
   *
   * @param application who writes it
   * @param descriptions what is said of an interface beside its name; may be empty text
   */
  PcapngWriter(
      OutputStream out, String application, int snapBytes, Function<String, String> descriptions)
      throws IOException {
    this.out = out;
    this.snapBytes = snapBytes;
    this.descriptions = descriptions;
    ByteBuffer body = body(128 + application.length() * 4);
    body.putInt(0x1A2B3C4D).putShort((short) 1).putShort((short) 0).putLong(-1);
    option(body, OPTION_APPLICATION, application.getBytes(StandardCharsets.UTF_8));
    end(body);
    block(SECTION, body);
  }

  /** Writes a packet, and before that its interface if that is new. */
  void write(Packet packet) throws IOException {
    Integer number = interfaces.get(packet.interfaceIndex());
    if (number == null) {
      number = interfaces.size();
      interfaces.put(packet.interfaceIndex(), number);
      describe(packet);
    }
    ByteBuffer body = body(packet.data().length + 64);
    body.putInt(number);
    body.putInt((int) (packet.epochNanos() >>> 32)).putInt((int) packet.epochNanos());
    body.putInt(packet.data().length).putInt(packet.lengthBytes());
    padded(body, packet.data());
    byte direction = packet.outgoing() ? OUTBOUND : INBOUND;
    option(body, OPTION_FLAGS, new byte[] {direction, 0, 0, 0});
    end(body);
    block(ENHANCED_PACKET, body);
  }

  private void describe(Packet packet) throws IOException {
    byte[] name = packet.interfaceName().getBytes(StandardCharsets.UTF_8);
    byte[] more = descriptions.apply(packet.interfaceName()).getBytes(StandardCharsets.UTF_8);
    ByteBuffer body = body(64 + name.length + more.length);
    body.putShort((short) (packet.ethernet() ? LINK_ETHERNET : LINK_RAW_IP)).putShort((short) 0);
    body.putInt(snapBytes);
    option(body, OPTION_NAME, name);
    option(body, OPTION_DESCRIPTION, more);
    option(body, OPTION_RESOLUTION, new byte[] {9});
    end(body);
    block(INTERFACE, body);
  }

  private static void option(ByteBuffer body, short code, byte[] value) {
    if (value.length > 0) {
      body.putShort(code).putShort((short) value.length);
      padded(body, value);
    }
  }

  private static void end(ByteBuffer body) {
    body.putInt(0);
  }

  private static void padded(ByteBuffer body, byte[] bytes) {
    body.put(bytes).put(new byte[-bytes.length & 3]);
  }

  private void block(int type, ByteBuffer body) throws IOException {
    int length = body.position() + 12;
    byte[] whole = new byte[length];
    ByteBuffer.wrap(whole)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(type)
        .putInt(length)
        .put(body.flip())
        .putInt(length);
    out.write(whole);
  }

  private static ByteBuffer body(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
