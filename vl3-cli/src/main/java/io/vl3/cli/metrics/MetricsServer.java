package io.vl3.cli.metrics;

import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vl3.admin.Observed;
import io.vl3.cli.config.MetricsConfig;
import io.vl3.cli.http.HttpServer;
import io.vl3.cli.http.Streams;
import io.vl3.cli.probe.Probes;
import io.vl3.nsm.NsmRuntime;
import io.vl3.transport.IoThreads;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Shows figures and probes of this process over HTTP, where they are asked for. */
public final class MetricsServer implements AutoCloseable {

  private final Optional<HttpServer> http;

  private MetricsServer(Optional<HttpServer> http) {
    this.http = http;
  }

  /**
   * A server where the configuration names a port; else one that does nothing.
   *
   * @param runtime whose threads serve
   * @param process what it has, asked at each scrape
   * @throws IOException if the port cannot be listened on, which it names
   */
  public static MetricsServer open(MetricsConfig config, NsmRuntime runtime, Observed process)
      throws IOException {
    if (config.port().isEmpty()) {
      return new MetricsServer(Optional.empty());
    }
    int port = config.port().getAsInt();
    PrometheusRegistry registry = new PrometheusRegistry();
    JvmMetrics.builder().register(registry);
    registry.register(new FigureCollector(process));
    registry.register(new MeasureCollector(process.board().measurements()));
    if (config.originalNames()) {
      registry.register(new OriginalCollector(process));
    }
    IoThreads io = runtime.transport().io();
    try {
      return new MetricsServer(
          Optional.of(
              HttpServer.start(
                  new InetSocketAddress(config.address(), port),
                  new Figures(registry, new Probes(process, runtime.timer(), io)),
                  io,
                  runtime.executor(),
                  new Streams(runtime.timer()))));
    } catch (IOException failure) {
      throw new IOException("metrics.port: " + failure.getMessage(), failure);
    }
  }

  /** The port that is listened on; 0 if none is. */
  int port() {
    return http.map(server -> server.address().getPort()).orElse(0);
  }

  @Override
  public void close() {
    http.ifPresent(HttpServer::close);
  }
}
