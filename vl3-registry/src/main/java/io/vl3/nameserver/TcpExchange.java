package io.vl3.nameserver;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Messages on a TCP connection, each behind its length (RFC 1035, section 4.2.2). */
final class TcpExchange {

  private TcpExchange() {}

  /** Asks a server one question; the timeout is for each step. */
  static byte[] ask(SocketPlace place, InetSocketAddress server, byte[] query, Duration timeout)
      throws Exception {
    int millis = (int) Math.max(1, timeout.toMillis());
    try (Socket socket = place.call(() -> connected(server, millis))) {
      socket.setSoTimeout(millis);
      write(socket, query);
      return read(socket);
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
}
