package io.vl3.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.vl3.linux.Netns;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The figures that a process shows, fetched where its configuration says that they are. */
final class MetricsPart {

  private static final int TIMEOUT_MILLIS = 3_000;
  private static final Pattern PLACE =
      Pattern.compile("(?:\\w+://)?\\[?([^/\\]]*?)\\]?:([0-9]{1,5})");

  private MetricsPart() {}

  /** Fetches them from inside of the process's network namespace; blocks for some seconds. */
  static void fetch(JsonNode config, int pid, String file, Parts parts) {
    Optional<InetSocketAddress> place = place(config.path("metrics"));
    if (place.isEmpty()) {
      parts.missing(file, "the configuration names no port for them");
      return;
    }
    try {
      Netns netns = new Netns(Path.of("/proc/" + pid + "/ns/net"));
      parts.text(file, netns.call(() -> get(place.get())));
    } catch (Exception failure) {
      parts.missing(file, String.valueOf(failure.getMessage()));
    }
  }

  /** {@code address} and {@code port}, or both in {@code listenOn}. */
  static Optional<InetSocketAddress> place(JsonNode metrics) {
    Matcher listenOn = PLACE.matcher(metrics.path("listenOn").asText());
    if (listenOn.find()) {
      return Optional.of(at(listenOn.group(1), Integer.parseInt(listenOn.group(2))));
    }
    int port = metrics.path("port").asInt();
    return port > 0 ? Optional.of(at(metrics.path("address").asText(), port)) : Optional.empty();
  }

  private static InetSocketAddress at(String address, int port) {
    boolean any = address.isEmpty() || address.equals("0.0.0.0") || address.equals("::");
    return new InetSocketAddress(any ? "127.0.0.1" : address, port);
  }

  private static String get(InetSocketAddress place) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(place, TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket
          .getOutputStream()
          .write(
              "GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(Parts.MOST_OF_ONE);
      String text = new String(answer, StandardCharsets.UTF_8);
      int body = text.indexOf("\r\n\r\n");
      if (!text.startsWith("HTTP/1.") || body < 0) {
        throw new IOException("metrics at %s: no HTTP (expected: figures)".formatted(place));
      }
      return text.substring(body + 4);
    }
  }
}
