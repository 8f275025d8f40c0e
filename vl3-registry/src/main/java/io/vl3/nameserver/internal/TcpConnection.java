package io.vl3.nameserver.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open TCP connection: whose it is, and since when it waits for a whole question. */
final class TcpConnection {

  private static final Logger LOG = LoggerFactory.getLogger(TcpConnection.class);

  private final Socket socket;
  private final InetAddress source;

  /** The number of its last answer among all; guarded by {@link TcpConnections}. */
  private long answered;

  private boolean waiting = true;

  TcpConnection(Socket socket) {
    this.socket = socket;
    this.source = socket.getInetAddress();
  }

  Socket socket() {
    return socket;
  }

  InetAddress source() {
    return source;
  }

  boolean isWaiting() {
    return waiting;
  }

  /** Its place among those that wait: who has waited longest is first. */
  long turn() {
    return answered;
  }

  void answering() {
    waiting = false;
  }

  void waitingSince(long turn) {
    waiting = true;
    answered = turn;
  }

  /** Ends what reads or writes it, too. Idempotent. */
  void end() {
    try {
      socket.close();
    } catch (IOException failure) {
      LOG.debug("name server: close: {}", failure.toString());
    }
  }
}
