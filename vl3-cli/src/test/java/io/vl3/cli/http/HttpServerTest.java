package io.vl3.cli.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.assembly.Threads;
import io.vl3.cli.process.Wait;
import io.vl3.transport.IoThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpServerTest {

  private static final int LARGE = 32 << 20;

  private final Threads threads = new Threads();
  private final IoThreads io = new IoThreads(1, Threads.daemons("http-test"));
  private final Streams streams = new Streams(threads.timer());
  private HttpServer server;

  @BeforeEach
  void open() throws IOException {
    server =
        HttpServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            io,
            new HttpServer.Pipeline(
                HttpServerTest::answer, threads.blocking(), streams, Duration.ofMillis(100)));
  }

  @AfterEach
  void close() {
    server.close();
    io.close();
    threads.close();
  }

  private static Reply answer(Request request) {
    return switch (request.path()) {
      case "/large" -> Reply.text(200, "x".repeat(LARGE));
      case "/bug" -> throw new IllegalStateException("on purpose");
      default -> Reply.text(200, request.path() + " " + request.accept() + request.first("a"));
    };
  }

  @Test
  void aSiteThatMindsNoHost_isServedByAnyName() throws IOException {
    try (Socket socket = ask("/some?a=b", "vl3.example:9090")) {
      assertThat(rest(socket)).startsWith("HTTP/1.1 200 OK").endsWith("/some text/plainb");
    }
  }

  @Test
  void aClientThatReadsNothing_isEnded() throws Exception {
    try (Socket silent = ask("/large", "localhost")) {
      Wait.until(() -> "the connection is there", () -> silent.getInputStream().available() > 0);
      Wait.until(() -> "ended", () -> streams.connections() == 0);
      assertThat(silent.getInputStream().readNBytes(LARGE)).hasSizeLessThan(LARGE);
    } catch (java.net.SocketException reset) {
      assertThat(streams.connections()).isZero();
    }
  }

  @Test
  void aBug_isAnsweredAsOne() throws IOException {
    try (Socket socket = ask("/bug", "localhost")) {
      assertThat(rest(socket)).startsWith("HTTP/1.1 500");
    }
  }

  private Socket ask(String path, String host) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8_192);
    socket.connect(server.address());
    String text = "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: text/plain\r\n\r\n";
    socket.getOutputStream().write(text.formatted(path, host).getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
