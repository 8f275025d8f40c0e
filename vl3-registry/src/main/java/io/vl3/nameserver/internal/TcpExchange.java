package io.vl3.nameserver.internal;

import io.vl3.links.SocketPlace;
import io.vl3.time.Deadline;
import io.vl3.time.Timer;
import io.vl3.time.Timer.Cancellable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Messages on a TCP connection, each behind its length (RFC 1035, section 4.2.2). */
final class TcpExchange {

  private static final Logger LOG = LoggerFactory.getLogger(TcpExchange.class);

  private TcpExchange() {}

  /** Asks a server one question; after the deadline the connection is gone, and it fails. */
  static byte[] ask(
      SocketPlace place, InetSocketAddress server, byte[] query, Deadline deadline, Timer timer)
      throws Exception {
    int millis = (int) Math.max(1, deadline.remaining().toMillis());
    try (Socket socket = place.call(() -> connected(server, millis))) {
      Cancellable tooLate = timer.after(deadline.remaining(), () -> end(socket));
      try {
        write(socket, query);
        return read(socket);
      } finally {
        tooLate.cancel();
      }
    }
  }

  /** The next message. */
  static byte[] read(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] message = new byte[in.readUnsignedShort()];
    in.readFully(message);
    return message;
  }

  /** In one piece: some take a lone length for a broken message. */
  static void write(Socket socket, byte[] message) throws IOException {
    ByteBuffer framed = ByteBuffer.allocate(Short.BYTES + message.length);
    framed.putShort((short) message.length).put(message);
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.write(framed.array());
    out.flush();
  }

  private static Socket connected(InetSocketAddress server, int millis) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(server, millis);
      return socket;
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException failure) {
      LOG.debug("name server: close: {}", failure.toString());
    }
  }
}
