package io.vl3.cli.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What comes to the sockets of a soak's processes from who does not speak as they do. */
final class RawSockets {

  private static final int MOST_BYTES = 4096;

  /** The begin of every connection of HTTP/2 (RFC 9113, section 3.4), with empty settings. */
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

  /** Headers of a call: 200 bytes are announced. */
  private static final byte[] HEADERS =
      "\0\0\310\1\4\0\0\0\1".getBytes(StandardCharsets.ISO_8859_1);

  private RawSockets() {}

  /** Bytes that mean nothing, and the end. */
  static void garbage(SoakNetwork network, RandomGenerator random) throws IOException {
    byte[] bytes = new byte[1 + random.nextInt(MOST_BYTES)];
    random.nextBytes(bytes);
    write(pick(network, random), bytes);
  }

  /** The begin of a call of which the rest does not come. */
  static void half(SoakNetwork network, RandomGenerator random) throws IOException {
    ByteBuffer begin = ByteBuffer.allocate(PREFACE.length + HEADERS.length);
    begin.put(PREFACE).put(HEADERS);
    byte[] bytes = new byte[1 + random.nextInt(begin.capacity())];
    begin.flip().get(bytes);
    write(pick(network, random), bytes);
  }

  private static void write(SocketAddress address, byte[] bytes) throws IOException {
    try (SocketChannel socket = SocketChannel.open(address)) {
      socket.write(ByteBuffer.wrap(bytes));
    } catch (IOException hungUp) {
      // The other side may hang up first; that it can still be reached is what others show.
      if (!String.valueOf(hungUp.getMessage()).matches("Broken pipe|Connection reset.*")) {
        throw hungUp;
      }
    }
  }

  /** A socket of a process that is not killed. */
  private static SocketAddress pick(SoakNetwork network, RandomGenerator random) {
    Path directory = network.runDirectory();
    List<SocketAddress> sockets = new ArrayList<>();
    sockets.add(UnixDomainSocketAddress.of(directory.resolve("nsm.io.sock")));
    for (String nse : network.steady()) {
      sockets.add(UnixDomainSocketAddress.of(directory.resolve("nse").resolve(nse + ".sock")));
      sockets.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), network.port(nse)));
    }
    return sockets.get(random.nextInt(sockets.size()));
  }
}
