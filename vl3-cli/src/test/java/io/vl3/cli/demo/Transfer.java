package io.vl3.cli.demo;

import io.vl3.linux.Netns;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A TCP transfer from one workload to another, without end; the receiver checks every byte. A
 * connection that breaks is made again and begins anew.
 */
final class Transfer implements AutoCloseable {

  private static final int PORT = 7008;
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int PERIOD = 251;
  private static final long PAUSE_NANOS = 5_000_000;

  private final ServerSocket server;
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong corrupt = new AtomicLong();
  private volatile Socket sending = new Socket();
  private volatile boolean closed;

  /**
   * Begins.
   *
   * @param toAddress the receiver's address as it is now
   */
  Transfer(String fromNetns, String toNetns, Supplier<String> toAddress) throws Exception {
    server = Netns.named(toNetns).call(() -> new ServerSocket(PORT));
    daemon("vl3-transfer-in", this::receiveAll);
    daemon("vl3-transfer-out", () -> sendAll(Netns.named(fromNetns), toAddress));
  }

  /** Bytes that came through. */
  long received() {
    return received.get();
  }

  /** Bytes that were not those sent. */
  long corrupt() {
    return corrupt.get();
  }

  /** Gives up the connection, so that another is made. */
  void reconnect() {
    try {
      sending.close();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void receiveAll() {
    while (!closed) {
      try {
        Socket socket = server.accept();
        daemon("vl3-transfer-read", () -> receive(socket));
      } catch (IOException ended) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private void receive(Socket socket) {
    byte[] buffer = new byte[64 * 1024];
    long place = 0;
    try (socket;
        InputStream in = socket.getInputStream()) {
      for (int n = in.read(buffer); n >= 0 && !closed; n = in.read(buffer)) {
        for (int i = 0; i < n; i++, place++) {
          if (buffer[i] != (byte) (place % PERIOD)) {
            corrupt.incrementAndGet();
          }
        }
        received.addAndGet(n);
      }
    } catch (IOException broken) {
      return;
    }
  }

  private void sendAll(Netns from, Supplier<String> toAddress) {
    while (!closed) {
      try (Socket socket = from.call(Transfer::tcp)) {
        sending = socket;
        socket.connect(new InetSocketAddress(toAddress.get(), PORT), TIMEOUT_MILLIS);
        send(socket.getOutputStream());
      } catch (Exception broken) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** Binds, so that the system call that makes the socket is made in the namespace. */
  private static Socket tcp() throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress("0.0.0.0", 0));
    return socket;
  }

  private void send(OutputStream out) throws IOException {
    byte[] period = new byte[PERIOD * 64];
    for (int i = 0; i < period.length; i++) {
      period[i] = (byte) (i % PERIOD);
    }
    while (!closed) {
      out.write(period);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
