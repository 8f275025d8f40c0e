package io.vl3.cli.process;

import io.vl3.linux.Netns;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A transfer over one TCP connection between two network namespaces: some bytes every millisecond,
 * until it is completed. The receiver checks every byte and measures the longest gap.
 */
final class OneTransfer implements AutoCloseable {

  private static final int PORT = 7010;
  private static final int CHUNK = 512;
  private static final int PERIOD = 251;
  private static final long PACE_NANOS = 1_000_000;
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private final Netns from;
  private final ServerSocket server;
  private final Socket sending;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong longestNanos = new AtomicLong();
  private final CompletableFuture<Long> completed = new CompletableFuture<>();
  private volatile boolean ending;
  private volatile long retransmittedBefore;
  private volatile long lastNanos = System.nanoTime();

  /** Connects and begins. */
  OneTransfer(Netns from, Netns to, String toAddress) throws Exception {
    this.from = from;
    server = to.call(() -> new ServerSocket(PORT));
    daemon("vl3-transfer-in", this::receive);
    sending = from.call(OneTransfer::tcp);
    sending.connect(new InetSocketAddress(toAddress, PORT), 5_000);
    daemon("vl3-transfer-out", this::send);
  }

  /** The longest time in which nothing came, the time since the last bytes included. */
  double longestGapMillis() {
    long open = completed.isDone() ? 0 : System.nanoTime() - lastNanos;
    return Math.max(longestNanos.get(), open) / 1e6;
  }

  /** Segments that had to be sent again since the measurement began: packets that were lost. */
  long retransmitted() throws Exception {
    return retransmittedInAll() - retransmittedBefore;
  }

  private long retransmittedInAll() throws Exception {
    List<String> tcp =
        from.call(() -> Files.readAllLines(Path.of("/proc/thread-self/net/snmp"))).stream()
            .filter(line -> line.startsWith("Tcp:"))
            .toList();
    int column = List.of(tcp.get(0).split(" ", -1)).indexOf("RetransSegs");
    return Long.parseLong(tcp.get(1).split(" ", -1)[column]);
  }

  /** Measures from now on. */
  void measureAnew() throws Exception {
    retransmittedBefore = retransmittedInAll();
    lastNanos = System.nanoTime();
    longestNanos.set(0);
  }

  /** Whether anything comes within half a minute from now. */
  boolean goesOn() {
    long before = received.get();
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (received.get() == before && System.nanoTime() < end) {
      LockSupport.parkNanos(50 * PACE_NANOS);
    }
    return received.get() > before;
  }

  long received() {
    return received.get();
  }

  /** Why it broke; empty while it goes on. */
  Optional<String> broken() {
    return completed.isCompletedExceptionally()
        ? Optional.of(String.valueOf(completed.handle((bytes, why) -> why).join()))
        : Optional.empty();
  }

  /** Ends the transfer and waits until all has come; answers whether it is what was sent. */
  boolean complete() throws Exception {
    ending = true;
    Wait.until(() -> "transfer: everything has come", completed::isDone);
    return completed.get() == sent.get();
  }

  @Override
  public void close() throws IOException {
    ending = true;
    sending.close();
    server.close();
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Binds, so that the system call that makes the socket is made in the namespace. */
  private static Socket tcp() throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress("0.0.0.0", 0));
    return socket;
  }

  private void send() {
    byte[] bytes = new byte[CHUNK];
    try {
      OutputStream out = sending.getOutputStream();
      while (!ending) {
        for (int i = 0; i < CHUNK; i++) {
          bytes[i] = (byte) ((sent.get() + i) % PERIOD);
        }
        out.write(bytes);
        sent.addAndGet(CHUNK);
        LockSupport.parkNanos(PACE_NANOS);
      }
      sending.shutdownOutput();
    } catch (IOException broken) {
      completed.completeExceptionally(broken);
    }
  }

  private void receive() {
    byte[] bytes = new byte[64 * 1024];
    try (Socket socket = server.accept()) {
      InputStream in = socket.getInputStream();
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        long now = System.nanoTime();
        longestNanos.accumulateAndGet(now - lastNanos, Math::max);
        lastNanos = now;
        check(bytes, n);
      }
      completed.complete(received.get());
    } catch (IOException broken) {
      completed.completeExceptionally(broken);
    }
  }

  private void check(byte[] bytes, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      long place = received.getAndIncrement();
      if (bytes[i] != (byte) (place % PERIOD)) {
        throw new IOException("byte %d: %d".formatted(place, bytes[i]));
      }
    }
  }
}
