package io.vl3.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What a request pays for spans: bytes of heap, which no other load on the machine changes. */
class TracingCostTest {

  private static final int REQUESTS = 20_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void whatIsNotRecorded_allocatesNextToNothing() {
    long off = bytesPerRequest(Tracing.OFF);
    long unsampled = bytesPerRequest(sampled(Sampler.alwaysOff()));
    long onePercent = bytesPerRequest(sampled(Sampler.traceIdRatioBased(0.01)));
    long all = bytesPerRequest(sampled(Sampler.alwaysOn()));
    System.out.printf(
        "tracing, bytes per request with one step: off %d, not sampled %d, 1 %% %d, all %d%n",
        off, unsampled, onePercent, all);
    assertThat(off).isLessThan(300);
    assertThat(unsampled).isLessThan(600);
    assertThat(onePercent).isLessThan(800);
    assertThat(all).isGreaterThan(unsampled);
  }

  private static Tracing sampled(Sampler sampler) {
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setSampler(Sampler.parentBased(sampler))
            .addSpanProcessor(SimpleSpanProcessor.create(InMemorySpanExporter.create()))
            .build();
    return Tracing.of(OpenTelemetrySdk.builder().setTracerProvider(provider).build());
  }

  private long bytesPerRequest(Tracing tracing) {
    run(tracing);
    long before = threads.getCurrentThreadAllocatedBytes();
    run(tracing);
    return (threads.getCurrentThreadAllocatedBytes() - before) / REQUESTS;
  }

  private static void run(Tracing tracing) {
    int sum = 0;
    for (int i = 0; i < REQUESTS; i++) {
      int request = i;
      sum +=
          tracing.<Integer, RuntimeException>root(
              "request connection",
              () -> {
                Tracing.tell(Tracing.CONNECTION, "c1");
                return Tracing.step("program link", Tracing.LINK, "l1", () -> request % 2);
              });
    }
    assertThat(sum).isEqualTo(REQUESTS / 2);
  }
}
