package io.vl3.cli.tracing;

import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcSenderProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.vl3.cli.config.TracingConfig;
import io.vl3.internal.log.Outage;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OTLP receiver. That it is away is one WARN for each cause, and its return one with how many
 * spans were lost. Thread-safe.
 */
final class Collector implements SpanExporter {

  private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

  private final String endpoint;
  private final Sender sender;
  private final OtlpGrpcSpanExporter exporter;
  private final Outage outage = new Outage(LOG, InstantSource.system());
  private final AtomicLong lost = new AtomicLong();
  private volatile boolean closed;

  private Collector(String endpoint, Sender sender, OtlpGrpcSpanExporter exporter) {
    this.endpoint = endpoint;
    this.sender = sender;
    this.exporter = exporter;
  }

  /**
   * A receiver, which is connected to with the first batch.
   *
   * @throws IOException if its authorities cannot be read
   */
  static Collector of(TracingConfig config, Duration timeout) throws IOException {
    Sender sender = Sender.to(config, timeout);
    OtlpGrpcSpanExporter exporter =
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(config.endpoint().toString())
            .setTimeout(timeout)
            .setRetryPolicy(null)
            .setComponentLoader(new Only(sender))
            .build();
    return new Collector(config.endpoint().toString(), sender, exporter);
  }

  /** Whether the last batch did not arrive. */
  boolean isAway() {
    return outage.isOn();
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = exporter.export(spans);
    int size = spans.size();
    result.whenComplete(() -> told(result.isSuccess(), size));
    return result;
  }

  private void told(boolean arrived, int spans) {
    if (arrived) {
      outage.ended(
          "traces: %s takes spans again, %d were lost".formatted(endpoint, lost.getAndSet(0)));
    } else if (!closed) {
      lost.addAndGet(spans);
      outage.failed(
          "traces: %s does not take spans, which are lost: %s".formatted(endpoint, sender.why()));
    }
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }

  /** Ends what is still under way, of which nothing is said. */
  @Override
  public void close() {
    closed = true;
    sender.end();
  }

  /** Our way of sending, whatever lies on the class path. */
  private record Only(Sender sender) implements ComponentLoader {
    @Override
    public <T> Iterable<T> load(Class<T> type) {
      return type.equals(GrpcSenderProvider.class)
          ? List.of(type.cast((GrpcSenderProvider) config -> sender))
          : List.of();
    }
  }
}
