package io.vl3.cli.demo;

import io.vl3.cli.pairs.Pair;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Fetches a workload's page from the calling thread's network namespace, and checks it. */
final class HelloClient {

  private final int port;
  private final Duration timeout;

  HelloClient(int port, Duration timeout) {
    this.port = port;
    this.timeout = timeout;
  }

  Pair fetch(String from, String to, String address) {
    try (Socket socket = new Socket()) {
      int timeoutMillis = Math.toIntExact(timeout.toMillis());
      long start = System.nanoTime();
      socket.connect(new InetSocketAddress(address, port), timeoutMillis);
      long rttNanos = System.nanoTime() - start;
      socket.setSoTimeout(timeoutMillis);
      return judge(from, to, address, rttNanos, exchange(socket, address));
    } catch (IOException failure) {
      return Pair.failed(from, to, address, String.valueOf(failure.getMessage()));
    }
  }

  private static String exchange(Socket socket, String address) throws IOException {
    String request = "GET / HTTP/1.1\r\nHost: " + address + "\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static Pair judge(
      String from, String to, String address, long rttNanos, String response) {
    if (response.startsWith("HTTP/1.1 200") && response.endsWith("\r\n" + HelloServer.page(to))) {
      return Pair.answered(from, to, address, rttNanos);
    }
    String shown = response.substring(response.lastIndexOf("\r\n") + 1).strip();
    return Pair.failed(from, to, address, "page: '%s' (expected: of %s)".formatted(shown, to));
  }
}
