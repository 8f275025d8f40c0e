package io.vl3.linux.internal;

import com.sun.jna.LastErrorException;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * A raw socket for ICMP echo of one address family. It belongs to the network namespace of the
 * thread that opened it, whichever thread uses it. Any thread may send, one at a time receives and
 * closes. Source: RFC 792, RFC 4443.
 */
public final class IcmpSocket implements AutoCloseable {

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
  private static final int IPPROTO_ICMP = 1;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPPROTO_ICMPV6 = 58;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SOL_RAW = 255;
  private static final int ICMP_FILTER = 1;
  private static final int ICMPV6_FILTER = 1;
  private static final int MSG_PEEK = 2;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int IP_MTU_DISCOVER = 10;
  private static final int IPV6_MTU_DISCOVER = 23;
  private static final int IPV6_DONTFRAG = 62;
  private static final int PMTUDISC_DO = 2;

  /** Room for the answers to thousands of requests at once. */
  private static final int RECEIVE_BUFFER = 4 << 20;

  private static final int ECHO_LENGTH = 16;
  private static final int IPV4_HEADER = 20;
  private static final int IPV6_HEADER = 40;

  private final IpFamily family;
  private final int descriptor;
  private final short identifier;
  private final ByteBuffer received = ByteBuffer.allocateDirect(2048);
  private final ByteBuffer peeked = ByteBuffer.allocateDirect(1);
  private final byte[] source = new byte[28];
  private final int[] sourceLength = new int[1];

  /** Guarded by this: nothing may be sent to a descriptor that is somebody else's by now. */
  private boolean closed;

  private IcmpSocket(IpFamily family, int descriptor, short identifier) {
    this.family = family;
    this.descriptor = descriptor;
    this.identifier = identifier;
  }

  /**
   * Opens a socket in the calling thread's network namespace; this takes CAP_NET_RAW.
   *
   * @param identifier what tells this socket's requests from others' on the way
   * @param silence how long {@link #receive} waits at most
   */
  public static IcmpSocket open(IpFamily family, short identifier, Duration silence)
      throws NetlinkException {
    boolean v4 = family == IpFamily.IPV4;
    try {
      int descriptor =
          Libc.socket(
              v4 ? AF_INET : AF_INET6, SOCK_RAW_CLOEXEC, v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
      IcmpSocket socket = new IcmpSocket(family, descriptor, identifier);
      socket.prepare(silence);
      return socket;
    } catch (LastErrorException e) {
      throw failure("open a raw ICMP socket", e);
    }
  }

  /** The size of the smallest packet in bytes, with its IP header. */
  public static int leastBytes(IpFamily family) {
    return header(family) + ECHO_LENGTH;
  }

  private static int header(IpFamily family) {
    return family == IpFamily.IPV4 ? IPV4_HEADER : IPV6_HEADER;
  }

  /**
   * Sends one echo request, which nobody may fragment. A request that the socket has no room for is
   * lost, as on any wire, and so are all after its end.
   *
   * @param packetBytes the packet's size with its IP header, {@link #leastBytes} at least
   * @param token comes back in the reply
   * @throws NetlinkException if there is no way to the target; EMSGSIZE if the packet is larger
   *     than the path's MTU is known to be
   */
  public synchronized void send(IpAddress target, int packetBytes, int sequence, long token)
      throws NetlinkException {
    if (closed) {
      return;
    }
    byte[] request = request(packetBytes - header(family), sequence, token);
    byte[] address = socketAddress(target);
    try {
      Libc.sendto(descriptor, request, request.length, MSG_DONTWAIT, address, address.length);
    } catch (LastErrorException e) {
      NetlinkException failure = failure("echo request to " + target, e);
      if (!failure.is(NetlinkException.EAGAIN, NetlinkException.ENOBUFS)) {
        throw failure;
      }
    }
  }

  /** Whether something has come that {@link #receive} has not read yet. */
  public synchronized boolean hasUnread() {
    if (closed) {
      return false;
    }
    try {
      return Libc.recv(descriptor, peeked, peeked.capacity(), MSG_PEEK | MSG_DONTWAIT) >= 0;
    } catch (LastErrorException nothing) {
      return false;
    }
  }

  /** Waits for a reply to one of ours; empty if nothing came for a while. */
  public Optional<Echo> receive() throws NetlinkException {
    while (true) {
      int length = receiveBytes();
      if (length < 0) {
        return Optional.empty();
      }
      Optional<Echo> reply = reply(length);
      if (reply.isPresent()) {
        return reply;
      }
    }
  }

  /** The length of what came; negative if nothing did. */
  private int receiveBytes() throws NetlinkException {
    sourceLength[0] = source.length;
    try {
      return (int)
          Libc.recvfrom(descriptor, received, received.capacity(), 0, source, sourceLength);
    } catch (LastErrorException e) {
      return switch (e.getErrorCode()) {
        case NetlinkException.EAGAIN -> -1;
        case NetlinkException.EINTR -> 0;
        default -> throw failure("receive an echo reply", e);
      };
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.close(descriptor);
    }
  }

  private void prepare(Duration silence) {
    try {
      SocketOptions.receiveTimeout(descriptor, silence);
      if (family == IpFamily.IPV4) {
        SocketOptions.set(descriptor, SOL_RAW, ICMP_FILTER, allBut(1, type(false)));
        SocketOptions.set(descriptor, 0, IP_MTU_DISCOVER, PMTUDISC_DO);
      } else {
        SocketOptions.set(descriptor, IPPROTO_IPV6, IPV6_MTU_DISCOVER, PMTUDISC_DO);
        SocketOptions.set(descriptor, IPPROTO_IPV6, IPV6_DONTFRAG, 1);
        SocketOptions.set(descriptor, IPPROTO_ICMPV6, ICMPV6_FILTER, allBut(8, type(false)));
      }
      enlarge();
    } catch (LastErrorException e) {
      close();
      throw e;
    }
  }

  /** As much as the kernel lets us. */
  private void enlarge() {
    try {
      SocketOptions.set(descriptor, SocketOptions.SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER);
    } catch (LastErrorException e) {
      if (e.getErrorCode() != NetlinkException.EPERM) {
        throw e;
      }
    }
  }

  /** A filter of so many words of the machine that keeps out all types but one. */
  private static byte[] allBut(int words, int type) {
    ByteBuffer filter = ByteBuffer.allocate(4 * words).order(ByteOrder.nativeOrder());
    for (int word = 0; word < words; word++) {
      filter.putInt(word == type / 32 ? ~(1 << (type % 32)) : -1);
    }
    return filter.array();
  }

  private int type(boolean request) {
    if (family == IpFamily.IPV4) {
      return request ? 8 : 0;
    }
    return request ? 128 : 129;
  }

  /** Type, code, checksum, identifier, sequence, token. The kernel sums ICMPv6 itself. */
  private byte[] request(int length, int sequence, long token) {
    ByteBuffer request = ByteBuffer.allocate(length);
    request.put((byte) type(true)).put((byte) 0).putShort((short) 0);
    request.putShort(identifier).putShort((short) sequence).putLong(token);
    if (family == IpFamily.IPV4) {
      request.putShort(2, checksum(request));
    }
    return request.array();
  }

  /** RFC 1071; all behind the token is zero, and adds nothing. */
  private static short checksum(ByteBuffer words) {
    int sum = 0;
    for (int at = 0; at < ECHO_LENGTH; at += 2) {
      sum += words.getShort(at) & 0xffff;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    return (short) ~(sum + (sum >>> 16));
  }

  /** Only IPv4 comes with its header. */
  private Optional<Echo> reply(int length) {
    int at = family == IpFamily.IPV4 && length > 0 ? (received.get(0) & 0xf) * 4 : 0;
    if (length < at + ECHO_LENGTH
        || received.get(at) != (byte) type(false)
        || received.getShort(at + 4) != identifier) {
      return Optional.empty();
    }
    return Optional.of(new Echo(source(), received.getShort(at + 6), received.getLong(at + 8)));
  }

  private IpAddress source() {
    return IpAddress.ofBytes(
        family == IpFamily.IPV4
            ? Arrays.copyOfRange(source, 4, 8)
            : Arrays.copyOfRange(source, 8, 24));
  }

  /** {@code sockaddr_in} or {@code sockaddr_in6}, without port, flow and scope. */
  private static byte[] socketAddress(IpAddress address) {
    boolean v4 = address.family() == IpFamily.IPV4;
    ByteBuffer bytes = ByteBuffer.allocate(v4 ? 16 : 28).order(ByteOrder.nativeOrder());
    bytes.putShort((short) (v4 ? AF_INET : AF_INET6));
    bytes.position(v4 ? 4 : 8).put(address.toBytes());
    return bytes.array();
  }

  private static NetlinkException failure(String what, LastErrorException e) {
    return new NetlinkException(e.getErrorCode(), what + ": " + Libc.strerror(e.getErrorCode()), e);
  }

  /**
   * An echo reply.
   *
   * @param from who sent it
   * @param sequence the lower 16 bits of the request's
   * @param token what the request carried
   */
  public record Echo(IpAddress from, short sequence, long token) {}
}
