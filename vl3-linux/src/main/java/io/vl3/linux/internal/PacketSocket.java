package io.vl3.linux.internal;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;

/**
 * A packet socket that sees whatever any interface of a network namespace sends or receives
 * (packet(7)). It belongs to the namespace of the thread that opened it, whichever thread uses it;
 * one at a time.
 */
public final class PacketSocket implements AutoCloseable {

  private static final int AF_PACKET = 17;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;

  /** Every protocol, in the order of bytes of the network. */
  private static final int ETH_P_ALL = Short.toUnsignedInt(Short.reverseBytes((short) 3));

  private static final int SOL_PACKET = 263;
  private static final int PACKET_STATISTICS = 6;
  private static final int SO_TIMESTAMPNS = 35;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int PACKET_OUTGOING = 4;

  /** As much as comes while the reader is held up for some tenths of a second. */
  private static final int RECEIVE_BUFFER = 32 << 20;

  /** Sizes and places of {@code msghdr}, {@code iovec} and {@code sockaddr_ll} with 64 bits. */
  private static final int HEADER = 56;

  private static final int VECTOR = 16;
  private static final int ADDRESS = 20;
  private static final int CONTROL = 64;

  private final int descriptor;
  private final int snapBytes;
  private long lastStamp;
  private final Memory memory;
  private final Memory data;
  private long dropped;
  private boolean closed;

  private PacketSocket(int descriptor, int snapBytes) {
    this.descriptor = descriptor;
    this.snapBytes = snapBytes;
    this.memory = new Memory(HEADER + VECTOR + ADDRESS + CONTROL + 4L);
    this.data = new Memory(snapBytes);
  }

  /**
   * Opens a socket in the calling thread's network namespace; this takes CAP_NET_RAW.
   *
   * @param snapBytes how much of each packet is kept
   * @param silence how long {@link #receive} waits at most
   */
  public static PacketSocket open(int snapBytes, Duration silence) throws NetlinkException {
    try {
      int descriptor = Libc.socket(AF_PACKET, SOCK_RAW_CLOEXEC, ETH_P_ALL);
      PacketSocket socket = new PacketSocket(descriptor, snapBytes);
      socket.prepare(silence);
      return socket;
    } catch (LastErrorException e) {
      throw failure("open a packet socket", e);
    }
  }

  /**
   * A packet.
   *
   * @param interfaceIndex of the interface that sent or received it
   * @param hardwareType of that interface (ARPHRD_ETHER and the like)
   * @param outgoing whether the interface sent it
   * @param epochNanos when, in nanoseconds since 1970
   * @param lengthBytes how long it is
   * @param data its beginning
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, and not compared
  public record Packet(
      int interfaceIndex,
      int hardwareType,
      boolean outgoing,
      long epochNanos,
      int lengthBytes,
      byte[] data) {}

  /**
   * The next packet; empty if there was none for a while.
   *
   * @param waits whether to wait for one at all
   */
  public Optional<Packet> receive(boolean waits) throws NetlinkException {
    layOut();
    long length;
    try {
      length = Libc.recvmsg(descriptor, memory, MSG_TRUNC | (waits ? 0 : MSG_DONTWAIT));
    } catch (LastErrorException e) {
      return switch (e.getErrorCode()) {
        // An interface that goes down is told once; the others go on.
        case NetlinkException.EAGAIN, NetlinkException.EINTR, NetlinkException.ENETDOWN ->
            Optional.empty();
        default -> throw failure("receive a packet", e);
      };
    }
    int address = HEADER + VECTOR;
    return Optional.of(
        new Packet(
            memory.getInt(address + 4),
            memory.getShort(address + 8) & 0xffff,
            memory.getByte(address + 10) == PACKET_OUTGOING,
            stamp(),
            (int) length,
            data.getByteArray(0, (int) Math.min(length, snapBytes))));
  }

  /** How many packets came so far for which there was no room. */
  public long dropped() throws NetlinkException {
    byte[] counts = new byte[8];
    try {
      Libc.getsockopt(descriptor, SOL_PACKET, PACKET_STATISTICS, counts, new int[] {8});
    } catch (LastErrorException e) {
      throw failure("statistics of a packet socket", e);
    }
    // The kernel begins anew with every question.
    int more = ByteBuffer.wrap(counts).order(ByteOrder.nativeOrder()).getInt(4);
    dropped += Integer.toUnsignedLong(more);
    return dropped;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Libc.close(descriptor);
      memory.close();
      data.close();
    }
  }

  private void prepare(Duration silence) {
    try {
      SocketOptions.receiveTimeout(descriptor, silence);
      SocketOptions.set(descriptor, SocketOptions.SOL_SOCKET, SO_TIMESTAMPNS, 1);
      SocketOptions.set(descriptor, SocketOptions.SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER);
    } catch (LastErrorException e) {
      if (e.getErrorCode() != NetlinkException.EPERM) {
        close();
        throw e;
      }
    }
  }

  /** The kernel writes into the header: it is laid out anew for each packet. */
  private void layOut() {
    memory.clear();
    int vector = HEADER;
    int address = vector + VECTOR;
    int control = address + ADDRESS + 4;
    memory.setPointer(0, memory.share(address));
    memory.setInt(8, ADDRESS);
    memory.setPointer(16, memory.share(vector));
    memory.setLong(24, 1);
    memory.setPointer(32, memory.share(control));
    memory.setLong(40, CONTROL);
    memory.setPointer(vector, data);
    memory.setLong(vector + 8, snapBytes);
  }

  /**
   * From the one control message that was asked for: length, level, type, {@code timespec}. A
   * packet that the kernel did not stamp has the time of the one before.
   */
  private long stamp() {
    int control = HEADER + VECTOR + ADDRESS + 4;
    if (memory.getLong(40) >= 32 && memory.getInt(control + 12) == SO_TIMESTAMPNS) {
      lastStamp = memory.getLong(control + 16) * 1_000_000_000 + memory.getLong(control + 24);
    }
    return lastStamp;
  }

  private static NetlinkException failure(String what, LastErrorException e) {
    return new NetlinkException(e.getErrorCode(), what + ": " + Libc.strerror(e.getErrorCode()), e);
  }
}
