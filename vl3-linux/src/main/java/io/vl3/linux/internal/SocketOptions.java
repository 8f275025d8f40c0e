package io.vl3.linux.internal;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/** Options of sockets, in the machine's order of bytes. */
final class SocketOptions {

  static final int SOL_SOCKET = 1;

  private static final int SO_RCVTIMEO = 20;

  private SocketOptions() {}

  static void set(int descriptor, int level, int name, byte[] value) throws LastErrorException {
    Libc.setsockopt(descriptor, level, name, value, value.length);
  }

  static void set(int descriptor, int level, int name, int value) throws LastErrorException {
    set(descriptor, level, name, bytes(4).putInt(value).array());
  }

  /** A receive that finds nothing for so long fails with EAGAIN. */
  static void receiveTimeout(int descriptor, Duration timeout) throws LastErrorException {
    byte[] time =
        bytes(16).putLong(timeout.toSeconds()).putLong(timeout.toNanosPart() / 1000).array();
    set(descriptor, SOL_SOCKET, SO_RCVTIMEO, time);
  }

  private static ByteBuffer bytes(int count) {
    return ByteBuffer.allocate(count).order(ByteOrder.nativeOrder());
  }
}
