package io.vl3.linux.internal;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An rtnetlink socket. It belongs to the network namespace of the thread that opened it, whichever
 * thread uses it. One request at a time; each is answered or times out.
 */
final class NetlinkSocket implements AutoCloseable {

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
  private static final int SOL_NETLINK = 270;
  private static final int EXT_ACK = 11;
  private static final int GET_STRICT_CHK = 12;

  private static final int TYPE_ERROR = 2;
  private static final int TYPE_DONE = 3;
  private static final int FLAG_DUMP_INTERRUPTED = 0x10;
  private static final int FLAG_CAPPED = 0x100;
  private static final int ATTRIBUTE_ERROR_TEXT = 1;
  private static final int DUMP_ATTEMPTS = 5;

  /**
   * A datagram while it is read, of whichever socket: as large as the kernel's largest part of a
   * dump; outside the heap, so it is not copied.
   */
  private static final ThreadLocal<ByteBuffer> RECEIVED =
      ThreadLocal.withInitial(
          () -> ByteBuffer.allocateDirect(32 << 10).order(ByteOrder.nativeOrder()));

  private final int descriptor;

  private int sequence;
  private long messages;
  private boolean interrupted;
  private boolean closed;

  private NetlinkSocket(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Opens a socket in the calling thread's network namespace. */
  static NetlinkSocket open(Duration timeout) throws NetlinkException {
    try {
      NetlinkSocket socket = new NetlinkSocket(Libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, 0));
      socket.prepare(timeout);
      return socket;
    } catch (LastErrorException e) {
      throw failure("open rtnetlink", e);
    }
  }

  /**
   * Sends a request and waits until the kernel has confirmed it.
   *
   * @return what came before the confirmation
   */
  List<NetlinkReply> request(NetlinkMessage message) throws NetlinkException {
    return exchange(message, NetlinkMessage.ACK);
  }

  /** As {@link #request}, for a removal: no error if what is to be removed is not there. */
  void requestUnlessGone(NetlinkMessage message) throws NetlinkException {
    try {
      var unused = request(message);
    } catch (NetlinkException e) {
      if (!e.is(
          NetlinkException.ESRCH,
          NetlinkException.ENOENT,
          NetlinkException.ENODEV,
          NetlinkException.EADDRNOTAVAIL)) {
        throw e;
      }
    }
  }

  /** All objects that match; asked again if they changed meanwhile. */
  List<NetlinkReply> dump(NetlinkMessage message) throws NetlinkException {
    for (int attempt = 1; ; attempt++) {
      try {
        return exchange(message, NetlinkMessage.DUMP);
      } catch (NetlinkException e) {
        if (!e.is(NetlinkException.EINTR) || attempt == DUMP_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** How many messages have passed, requests and answers. */
  long messages() {
    return messages;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Libc.close(descriptor);
    }
  }

  private void prepare(Duration timeout) {
    try {
      SocketOptions.set(descriptor, SOL_NETLINK, EXT_ACK, 1);
      SocketOptions.set(descriptor, SOL_NETLINK, GET_STRICT_CHK, 1);
      SocketOptions.receiveTimeout(descriptor, timeout);
      ByteBuffer address = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder());
      address.putShort((short) AF_NETLINK);
      Libc.bind(descriptor, address.array(), 12);
    } catch (LastErrorException e) {
      close();
      throw e;
    }
  }

  private List<NetlinkReply> exchange(NetlinkMessage message, int flags) throws NetlinkException {
    int wanted = ++sequence;
    byte[] bytes = message.finish(wanted, flags);
    List<NetlinkReply> replies = new ArrayList<>();
    interrupted = false;
    try {
      messages++;
      Libc.send(descriptor, bytes, bytes.length, 0);
      while (!receive(message, wanted, replies)) {}
    } catch (LastErrorException e) {
      throw failure(message.toString(), e);
    }
    // Read to its end first: the kernel refuses a new dump while one runs.
    if (interrupted) {
      throw new NetlinkException(NetlinkException.EINTR, message + ": changed while it was read");
    }
    return replies;
  }

  /** Reads one datagram; true once the exchange is complete. */
  private boolean receive(NetlinkMessage message, int wanted, List<NetlinkReply> replies)
      throws NetlinkException {
    ByteBuffer received = RECEIVED.get();
    int length = receiveBytes(received);
    boolean complete = false;
    for (int at = 0; at + NetlinkMessage.HEADER <= length; ) {
      int size = received.getInt(at);
      if (size < NetlinkMessage.HEADER || at + size > length) {
        break;
      }
      // An answer to an earlier request that timed out is passed over.
      if (received.getInt(at + 8) == wanted) {
        complete |= take(received, message, at, size, replies);
      }
      at += (size + 3) & ~3;
    }
    return complete;
  }

  private boolean take(
      ByteBuffer received, NetlinkMessage message, int at, int size, List<NetlinkReply> replies)
      throws NetlinkException {
    messages++;
    int type = received.getShort(at + 4);
    int flags = received.getShort(at + 6);
    int body = at + NetlinkMessage.HEADER;
    interrupted |= (flags & FLAG_DUMP_INTERRUPTED) != 0;
    byte[] payload = new byte[size - NetlinkMessage.HEADER];
    received.get(body, payload);
    if (type != TYPE_ERROR && type != TYPE_DONE) {
      replies.add(new NetlinkReply(payload));
      return false;
    }
    int errno = payload.length < 4 ? 0 : -received.getInt(body);
    if (errno != 0) {
      throw refusal(message, errno, payload, (flags & FLAG_CAPPED) != 0, type == TYPE_DONE);
    }
    return true;
  }

  private int receiveBytes(ByteBuffer received) {
    while (true) {
      try {
        return (int) Libc.recv(descriptor, received, received.capacity(), 0);
      } catch (LastErrorException e) {
        if (e.getErrorCode() != NetlinkException.EINTR) {
          throw e;
        }
      }
    }
  }

  /** The kernel's own words stand after the (perhaps cut) request that it echoes. */
  private static NetlinkException refusal(
      NetlinkMessage message, int errno, byte[] payload, boolean capped, boolean done) {
    NetlinkReply reply = new NetlinkReply(payload);
    int echoed = capped || payload.length < 8 ? NetlinkMessage.HEADER : reply.number(4);
    int fixed = done ? 4 : 4 + ((echoed + 3) & ~3);
    String words = reply.text(fixed, ATTRIBUTE_ERROR_TEXT).map(text -> ": " + text).orElse("");
    return new NetlinkException(errno, message + ": " + Libc.strerror(errno) + words);
  }

  private static NetlinkException failure(String what, LastErrorException e) {
    String words =
        e.getErrorCode() == NetlinkException.EAGAIN
            ? "the kernel did not answer in time"
            : Libc.strerror(e.getErrorCode());
    return new NetlinkException(e.getErrorCode(), what + ": " + words, e);
  }
}
