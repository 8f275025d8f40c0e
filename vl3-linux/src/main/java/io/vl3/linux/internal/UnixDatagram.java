package io.vl3.linux.internal;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Datagrams to unix sockets, which the JDK has not. */
public final class UnixDatagram {

  private static final short AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC_NONBLOCK = 2 | 0x80000 | 0x800;
  private static final int LONGEST_PATH = 107;

  private UnixDatagram() {}

  /**
   * Sends one; never blocks.
   *
   * @param address a path, or an abstract name behind {@code @}
   * @throws IOException if nobody listens there, or takes it now
   */
  public static void send(String address, byte[] message) throws IOException {
    byte[] to = address(address);
    try {
      int descriptor = Libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC_NONBLOCK, 0);
      try {
        var unused = Libc.sendto(descriptor, message, message.length, 0, to, to.length);
      } finally {
        var unused = Libc.close(descriptor);
      }
    } catch (LastErrorException failure) {
      throw new IOException(
          "%s: %s".formatted(address, Libc.strerror(failure.getErrorCode())), failure);
    }
  }

  /** A {@code sockaddr_un}: an abstract name begins with a zero byte and is as long as it is. */
  private static byte[] address(String text) throws IOException {
    byte[] path = text.getBytes(StandardCharsets.UTF_8);
    boolean isAbstract = text.startsWith("@");
    if (path.length < 2 || path.length > LONGEST_PATH || !(isAbstract || text.startsWith("/"))) {
      throw new IOException(
          "%s (expected: an absolute path, or a name behind @, of at most %d bytes)"
              .formatted(text, LONGEST_PATH));
    }
    if (isAbstract) {
      path[0] = 0;
    }
    return ByteBuffer.allocate(2 + path.length + (isAbstract ? 0 : 1))
        .order(ByteOrder.nativeOrder())
        .putShort(AF_UNIX)
        .put(path)
        .array();
  }
}
