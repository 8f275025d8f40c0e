package io.vl3.cli.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.Version;
import io.vl3.cli.config.TracingConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The OpenTelemetry of this process: records spans and sends them in batches, in the background.
 * Spans that the queue does not hold, or the receiver does not take, are lost. Nobody waits for a
 * receiver that is away, not even the end of the process.
 */
public final class Traces implements AutoCloseable {

  /** How long the end of the process waits for a receiver that answered before. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private static final Duration SEND_EVERY = Duration.ofSeconds(5);
  private static final Duration SEND_TIMEOUT = Duration.ofSeconds(10);
  private static final int QUEUED_SPANS = 2048;
  private static final int SPANS_AT_ONCE = 512;
  private static final int LONGEST_VALUE = 1024;

  private final Optional<Recording> recording;

  private Traces(Optional<Recording> recording) {
    this.recording = recording;
  }

  /** The recorder, and the receiver of its spans. */
  private record Recording(SdkTracerProvider provider, Collector collector) {}

  /**
   * Starts to record, if that is asked for.
   *
   * @param name of the process in traces, unless the configuration gives one
   */
  public static Traces open(TracingConfig config, String name) {
    return config.on()
        ? new Traces(Optional.of(recording(config, name)))
        : new Traces(Optional.empty());
  }

  /** For the parts of the process; one that records nothing if that is not asked for. */
  public OpenTelemetry telemetry() {
    return recording
        .<OpenTelemetry>map(on -> new Recorded(on.provider()))
        .orElseGet(OpenTelemetry::noop);
  }

  /** Sends what is queued, and waits until that has arrived or failed. */
  void flush() {
    recording.ifPresent(
        on -> {
          var unused = on.provider().forceFlush().join(SEND_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        });
  }

  /** Sends what is left, to a receiver that is there. */
  @Override
  public void close() {
    recording.ifPresent(
        on -> {
          var sent = on.provider().shutdown();
          if (!on.collector().isAway()) {
            var unused = sent.join(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
          }
          on.collector().close();
        });
  }

  private static Recording recording(TracingConfig config, String name) {
    try {
      Collector collector = Collector.of(config, SEND_TIMEOUT);
      SdkTracerProvider provider =
          SdkTracerProvider.builder()
              .setResource(Resource.create(attributes(config, name)))
              .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(config.sampling())))
              .setSpanLimits(SpanLimits.builder().setMaxAttributeValueLength(LONGEST_VALUE).build())
              .addSpanProcessor(
                  BatchSpanProcessor.builder(collector)
                      .setMaxQueueSize(QUEUED_SPANS)
                      .setMaxExportBatchSize(SPANS_AT_ONCE)
                      .setScheduleDelay(SEND_EVERY)
                      .setExporterTimeout(SEND_TIMEOUT)
                      .build())
              .build();
      return new Recording(provider, collector);
    } catch (IOException unreadable) {
      throw new CliException(
          ExitCode.FAILED,
          "tracing.certificate: %s (expected: a PEM file with authorities) [%s]"
              .formatted(config.certificate().orElseThrow(), unreadable.getMessage()),
          "",
          unreadable);
    }
  }

  private static Attributes attributes(TracingConfig config, String name) {
    AttributesBuilder all = Attributes.builder();
    all.put(AttributeKey.longKey("process.pid"), ProcessHandle.current().pid());
    all.put("service.version", Version.text());
    config.attributes().forEach(all::put);
    all.put("service.name", config.serviceName().orElse(name));
    return all.build();
  }

  /** Traces alone: figures and logs go other ways. */
  private record Recorded(SdkTracerProvider provider) implements OpenTelemetry {

    @Override
    public TracerProvider getTracerProvider() {
      return provider;
    }

    @Override
    public ContextPropagators getPropagators() {
      return ContextPropagators.noop();
    }
  }
}
