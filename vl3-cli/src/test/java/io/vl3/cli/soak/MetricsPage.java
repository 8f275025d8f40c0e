package io.vl3.cli.soak;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/** The samples of a {@code vl3 run} process's metrics page. */
final class MetricsPage {

  private static final int TIMEOUT_MILLIS = 60_000;

  private final List<String> samples;

  private MetricsPage(String text) {
    samples = text.lines().filter(line -> !line.startsWith("#")).toList();
  }

  /** The page at a port of this machine, now. */
  static MetricsPage of(int port) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:%d/metrics".formatted(port)).toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    connection.setRequestProperty("Connection", "close");
    try (InputStream body = connection.getInputStream()) {
      return new MetricsPage(new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** Sum of a family's samples, those alone that have the label if one is given. */
  double sum(String family, String... labels) {
    Predicate<String> fits = line -> line.startsWith(family + "{") || line.startsWith(family + " ");
    for (String label : labels) {
      fits = fits.and(line -> line.contains(label));
    }
    return samples.stream()
        .filter(fits)
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  int peersUp() {
    return (int) sum("vl3_peers", "state=\"up\"");
  }
}
