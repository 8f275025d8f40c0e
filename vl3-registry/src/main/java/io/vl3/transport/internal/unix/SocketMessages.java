package io.vl3.transport.internal.unix;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;

/**
 * Sends and receives bytes with descriptors beside them on a connected unix socket (Linux, 64 bit:
 * {@code sendmsg(2)}, {@code recvmsg(2)}, {@code unix(7)}). Not thread-safe: the socket's event
 * loop uses it.
 */
final class SocketMessages {

  /** {@code struct msghdr}, then one {@code struct iovec}, then a control message, then a byte. */
  private static final int NAME = 0;

  private static final int NAME_BYTES = 8;
  private static final int VECTOR = 16;
  private static final int VECTORS = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_BYTES = 40;
  private static final int FLAGS = 48;
  private static final int VECTOR_AT = 56;
  private static final int CONTROL_AT = 72;

  private static final int CONTROL_HEADER = 16;
  private static final int ALIGNMENT = 8;
  private static final int MOST_RECEIVED = 64;
  private static final int CONTROL_SPACE = CONTROL_HEADER + MOST_RECEIVED * Integer.BYTES;
  private static final int BYTE_AT = CONTROL_AT + CONTROL_SPACE;

  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;

  private final int socket;
  private final ByteBuffer block =
      ByteBuffer.allocateDirect(BYTE_AT + ALIGNMENT).order(ByteOrder.nativeOrder());
  private final long address = Pointer.nativeValue(Native.getDirectBufferPointer(block));

  /**
   * Messages on a socket.
   *
   * @param socket its descriptor, which stays the channel's
   */
  SocketMessages(int socket) {
    this.socket = socket;
  }

  /**
   * Sends one byte with one descriptor.
   *
   * @return false if the socket takes nothing now
   * @throws TooManyInFlight if the peer does not take what was sent earlier
   */
  boolean send(byte data, int descriptor) throws IOException {
    block.put(BYTE_AT, data);
    prepare(address + BYTE_AT, 1, CONTROL_HEADER + ALIGNMENT);
    block.putLong(CONTROL_AT, CONTROL_HEADER + Integer.BYTES);
    block.putInt(CONTROL_AT + 8, SOL_SOCKET);
    block.putInt(CONTROL_AT + 12, SCM_RIGHTS);
    block.putInt(CONTROL_AT + CONTROL_HEADER, descriptor);
    while (true) {
      long sent = Libc.sendmsg(socket, address, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
      if (sent > 0) {
        return true;
      }
      int errno = Libc.errno();
      if (errno == Libc.EAGAIN) {
        return false;
      }
      if (errno == Libc.ETOOMANYREFS) {
        throw new TooManyInFlight();
      }
      if (errno != Libc.EINTR) {
        throw new IOException(Libc.strerror(errno));
      }
    }
  }

  /**
   * Receives into memory.
   *
   * @param received takes over each descriptor that came along
   * @return how many bytes; 0 if there are none now, -1 at the end of the stream
   */
  int receive(long memory, int length, IntConsumer received) throws IOException {
    while (true) {
      prepare(memory, length, CONTROL_SPACE);
      long count = Libc.recvmsg(socket, address, Libc.MSG_DONTWAIT | Libc.MSG_CMSG_CLOEXEC);
      if (count >= 0) {
        readControl(received);
        return count == 0 ? -1 : (int) count;
      }
      int errno = Libc.errno();
      if (errno == Libc.EAGAIN) {
        return 0;
      }
      if (errno != Libc.EINTR) {
        throw new IOException(Libc.strerror(errno));
      }
    }
  }

  private void prepare(long memory, long length, long controlBytes) {
    block.putLong(NAME, 0);
    block.putLong(NAME_BYTES, 0);
    block.putLong(VECTOR, address + VECTOR_AT);
    block.putLong(VECTORS, 1);
    block.putLong(CONTROL, address + CONTROL_AT);
    block.putLong(CONTROL_BYTES, controlBytes);
    block.putLong(FLAGS, 0);
    block.putLong(VECTOR_AT, memory);
    block.putLong(VECTOR_AT + 8, length);
  }

  private void readControl(IntConsumer received) {
    int end = CONTROL_AT + (int) block.getLong(CONTROL_BYTES);
    int at = CONTROL_AT;
    while (at + CONTROL_HEADER <= end) {
      int length = (int) block.getLong(at);
      if (length < CONTROL_HEADER) {
        return;
      }
      if (block.getInt(at + 8) == SOL_SOCKET && block.getInt(at + 12) == SCM_RIGHTS) {
        for (int fd = at + CONTROL_HEADER; fd + Integer.BYTES <= at + length; fd += Integer.BYTES) {
          received.accept(block.getInt(fd));
        }
      }
      at += (length + ALIGNMENT - 1) & -ALIGNMENT;
    }
  }

  /** The kernel refuses to carry more descriptors for this user. */
  static final class TooManyInFlight extends IOException {
    TooManyInFlight() {
      super("too many descriptors are on their way");
    }
  }
}
