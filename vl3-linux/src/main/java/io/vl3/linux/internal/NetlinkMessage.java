package io.vl3.linux.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * An rtnetlink request under construction: header, fixed part, attributes. {@link #toString} says
 * what it is for.
 */
final class NetlinkMessage {

  static final int HEADER = 16;

  static final short REQUEST = 0x1;
  static final short ACK = 0x4;
  static final short DUMP = 0x300;
  static final short REPLACE = 0x100;
  static final short EXCL = 0x200;
  static final short CREATE = 0x400;

  private static final short NESTED = (short) 0x8000;

  private final String what;
  private final ByteBuffer buffer = ByteBuffer.allocate(1024).order(ByteOrder.nativeOrder());

  NetlinkMessage(String what, int type, int flags) {
    this.what = what;
    buffer.putInt(0).putShort((short) type).putShort((short) (flags | REQUEST)).putLong(0);
  }

  /** The fixed part of a link message: struct ifinfomsg. */
  NetlinkMessage link(int index, int flags, int change) {
    buffer.putInt(0).putInt(index).putInt(flags).putInt(change);
    return this;
  }

  /** The fixed part of an address message: struct ifaddrmsg. */
  NetlinkMessage address(int family, int length, int index) {
    bytes(family, length, 0, 0);
    buffer.putInt(index);
    return this;
  }

  /** The fixed part of a route message: struct rtmsg. */
  NetlinkMessage route(
      int family, int length, int table, int protocol, int scope, int type, int flags) {
    bytes(family, length, 0, 0);
    bytes(table, protocol, scope, type);
    buffer.putInt(flags);
    return this;
  }

  /** The fixed part of a neighbour message: struct ndmsg. */
  NetlinkMessage neighbour(int family, int index, int state) {
    bytes(family, 0, 0, 0);
    buffer.putInt(index).putShort((short) state).putShort((short) 0);
    return this;
  }

  NetlinkMessage text(int attribute, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    byte[] terminated = new byte[text.length + 1];
    System.arraycopy(text, 0, terminated, 0, text.length);
    return raw(attribute, terminated);
  }

  NetlinkMessage number(int attribute, int value) {
    attribute(attribute, 4).putInt(value);
    return this;
  }

  NetlinkMessage octet(int attribute, int value) {
    return raw(attribute, (byte) value);
  }

  /** A 16 bit number in network order. */
  NetlinkMessage port(int attribute, int value) {
    return raw(attribute, (byte) (value >> 8), (byte) value);
  }

  NetlinkMessage raw(int attribute, byte... value) {
    attribute(attribute, value.length).put(value);
    return pad();
  }

  /** An attribute that holds what the content writes. */
  NetlinkMessage nest(int attribute, Runnable content) {
    int start = buffer.position();
    attribute(attribute | NESTED, 0);
    content.run();
    buffer.putShort(start, (short) (buffer.position() - start));
    return this;
  }

  /** The finished bytes, under a sequence number. */
  byte[] finish(int sequence, int moreFlags) {
    buffer.putInt(0, buffer.position());
    buffer.putShort(6, (short) (buffer.getShort(6) | moreFlags));
    buffer.putInt(8, sequence);
    byte[] bytes = new byte[buffer.position()];
    buffer.get(0, bytes);
    return bytes;
  }

  @Override
  public String toString() {
    return what;
  }

  private ByteBuffer attribute(int attribute, int length) {
    return buffer.putShort((short) (length + 4)).putShort((short) attribute);
  }

  private void bytes(int a, int b, int c, int d) {
    buffer.put((byte) a).put((byte) b).put((byte) c).put((byte) d);
  }

  private NetlinkMessage pad() {
    while (buffer.position() % 4 != 0) {
      buffer.put((byte) 0);
    }
    return this;
  }
}
