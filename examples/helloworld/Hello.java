import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A service that knows nothing of vl3: {@code java Hello.java NAME} answers at port 5000. */
class Hello {

  private static final int PORT = 5000;

  public static void main(String[] arguments) throws IOException {
    byte[] answer = ("Hello version: v1, instance: " + arguments[0] + "\n").getBytes(UTF_8);
    HttpServer server = HttpServer.create(new InetSocketAddress(PORT), 0);
    server.createContext(
        "/hello",
        exchange -> {
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }
}
