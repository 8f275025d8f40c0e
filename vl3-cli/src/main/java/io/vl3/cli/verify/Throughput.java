package io.vl3.cli.verify;

import io.vl3.linux.Netns;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends by TCP as fast as it goes, for some time, and counts what arrives. Blocks. */
final class Throughput {

  private static final int PORTION = 128 << 10;

  private final Duration time;
  private final Duration timeout;
  private final ExecutorService threads;

  /**
   * Measurements.
   *
   * @param time how long each sends
   * @param timeout how much longer it may take in all
   */
  Throughput(Duration time, Duration timeout, ExecutorService threads) {
    this.time = time;
    this.timeout = timeout;
    this.threads = threads;
  }

  /** Measures a way to a namespace of this machine. */
  Rate measure(Way way, Netns target) throws InterruptedException {
    try {
      InetAddress address = InetAddress.getByAddress(way.address().toBytes());
      try (ServerSocket server = target.call(() -> new ServerSocket(0, 1, address));
          Socket sender = connect(way, server);
          Socket receiver = server.accept()) {
        return rate(way, transfer(sender, receiver), "");
      }
    } catch (InterruptedException asked) {
      throw asked;
    } catch (TimeoutException late) {
      return rate(way, 0, "the transfer does not end");
    } catch (Exception failure) {
      return rate(way, 0, String.valueOf(failure.getMessage()));
    }
  }

  private Socket connect(Way way, ServerSocket server) throws Exception {
    int millis = Math.toIntExact(timeout.toMillis());
    server.setSoTimeout(millis);
    return way.namespace()
        .call(
            () -> {
              Socket socket = new Socket();
              socket.connect(
                  new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), millis);
              return socket;
            });
  }

  /** In megabits per second. */
  private double transfer(Socket sender, Socket receiver)
      throws IOException, InterruptedException, TimeoutException {
    Future<Double> received = CompletableFuture.supplyAsync(() -> receive(receiver), threads);
    Future<?> sent = threads.submit(() -> send(sender));
    try {
      double rate = received.get(time.plus(timeout).toNanos(), TimeUnit.NANOSECONDS);
      if (rate == 0) {
        throw new IOException("nothing arrived");
      }
      return rate;
    } catch (ExecutionException failure) {
      throw new IOException(String.valueOf(failure.getCause()), failure);
    } finally {
      sender.close();
      receiver.close();
      sent.cancel(true);
    }
  }

  private void send(Socket socket) {
    byte[] portion = new byte[PORTION];
    long end = System.nanoTime() + time.toNanos();
    try {
      while (System.nanoTime() < end) {
        socket.getOutputStream().write(portion);
      }
      socket.shutdownOutput();
    } catch (IOException ended) {
      // The receiver tells how much came.
      return;
    }
  }

  private static double receive(Socket socket) {
    byte[] portion = new byte[PORTION];
    long bytes = 0;
    long begin = System.nanoTime();
    try {
      InputStream in = socket.getInputStream();
      for (int length = in.read(portion); length >= 0; length = in.read(portion)) {
        bytes += length;
      }
    } catch (IOException ended) {
      return 0;
    }
    return bytes * 8e3 / Math.max(1, System.nanoTime() - begin);
  }

  private static Rate rate(Way way, double megabits, String error) {
    return new Rate(
        way.from(),
        way.to(),
        way.address().toString(),
        Math.round(megabits * 10) / 10.0,
        error.isEmpty(),
        error);
  }
}
