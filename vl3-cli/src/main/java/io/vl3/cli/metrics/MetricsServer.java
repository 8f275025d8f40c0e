package io.vl3.cli.metrics;

import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vl3.cli.config.MetricsConfig;
import io.vl3.status.NseStatus;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Shows the figures of this process over HTTP, at {@code /metrics}, where they are asked for. */
public final class MetricsServer implements AutoCloseable {

  private final Optional<HTTPServer> http;

  private MetricsServer(Optional<HTTPServer> http) {
    this.http = http;
  }

  /**
   * A server where the configuration names a port; else one that does nothing.
   *
   * @param nses asked at each scrape
   * @throws IOException if the port cannot be listened on, which it names
   */
  public static MetricsServer open(MetricsConfig config, Supplier<List<NseStatus>> nses)
      throws IOException {
    if (config.port().isEmpty()) {
      return new MetricsServer(Optional.empty());
    }
    PrometheusRegistry registry = new PrometheusRegistry();
    JvmMetrics.builder().register(registry);
    registry.register(new NseCollector(nses));
    try {
      return new MetricsServer(
          Optional.of(
              HTTPServer.builder()
                  .hostname(config.address())
                  .port(config.port().getAsInt())
                  .registry(registry)
                  .buildAndStart()));
    } catch (IOException failure) {
      throw new IOException(
          "metrics.port: %d (expected: free on %s) [%s]"
              .formatted(config.port().getAsInt(), config.address(), failure.getMessage()),
          failure);
    }
  }

  /** The port that is listened on; 0 if none is. */
  int port() {
    return http.map(HTTPServer::getPort).orElse(0);
  }

  @Override
  public void close() {
    http.ifPresent(HTTPServer::stop);
  }
}
