package io.vl3.cli.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;

/** An HTTP service whose only page names its workload. */
final class HelloServer implements AutoCloseable {

  private final HttpServer server;

  private HelloServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Opens the service on all addresses, those to come too, of the calling thread's network
   * namespace; it stays there whichever thread serves.
   */
  static HelloServer open(String workload, int port, Executor executor) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 64);
    server.createContext("/", exchange -> answer(exchange, page(workload)));
    server.setExecutor(executor);
    server.start();
    return new HelloServer(server);
  }

  static String page(String workload) {
    return "hello from " + workload + "\n";
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange, String page) throws IOException {
    byte[] body = page.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Connection", "close");
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
    exchange.close();
  }
}
