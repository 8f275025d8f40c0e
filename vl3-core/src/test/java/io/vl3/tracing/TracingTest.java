package io.vl3.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TracingTest {

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final SdkTracerProvider provider = provider(Sampler.alwaysOn());
  private final Tracing tracing = tracing(provider);

  private SdkTracerProvider provider(Sampler sampler) {
    return SdkTracerProvider.builder()
        .setSampler(sampler)
        .addSpanProcessor(SimpleSpanProcessor.create(spans))
        .build();
  }

  private static Tracing tracing(SdkTracerProvider provider) {
    return Tracing.of(OpenTelemetrySdk.builder().setTracerProvider(provider).build());
  }

  @AfterEach
  void close() {
    assertThat(Context.current()).as("nothing is left on the thread").isEqualTo(Context.root());
    provider.close();
  }

  @Test
  void aStep_isASpanWithinTheRoot_andSaysWhatItIsAbout() {
    String answer =
        tracing.root("outer", () -> Tracing.step("inner", Tracing.LINK, "l1", () -> "done"));
    assertThat(answer).isEqualTo("done");
    SpanData inner = spans.getFinishedSpanItems().get(0);
    SpanData outer = spans.getFinishedSpanItems().get(1);
    assertThat(inner.getName()).isEqualTo("inner");
    assertThat(inner.getParentSpanId()).isEqualTo(outer.getSpanId());
    assertThat(inner.getAttributes().get(Tracing.LINK)).isEqualTo("l1");
    assertThat(outer.getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void aRootWithinATrace_isNoSpanOfItsOwn() {
    tracing.root("outer", () -> tracing.root("again", () -> 1));
    assertThat(spans.getFinishedSpanItems()).extracting(SpanData::getName).containsExactly("outer");
  }

  @Test
  void aFailure_isTheStatus_andPassesThrough() {
    EndpointException failure = new EndpointException(Reason.EXHAUSTED, "pool: full");
    assertThatThrownBy(
            () ->
                tracing.root(
                    "outer",
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    SpanData outer = spans.getFinishedSpanItems().get(0);
    assertThat(outer.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(outer.getStatus().getDescription()).isEqualTo("pool: full");
  }

  @Test
  void whatIsNotSampled_isNotRecorded_andHasATraceAllTheSame() {
    try (SdkTracerProvider off = provider(Sampler.alwaysOff())) {
      AtomicReference<SpanContext> within = new AtomicReference<>(SpanContext.getInvalid());
      var unused =
          tracing(off)
              .root(
                  "outer",
                  () -> {
                    within.set(Span.current().getSpanContext());
                    return Tracing.step("inner", Tracing.LINK, "l1", () -> 1);
                  });
      assertThat(within.get().isValid()).isTrue();
      assertThat(within.get().isSampled()).isFalse();
      assertThat(spans.getFinishedSpanItems()).isEmpty();
    }
  }

  @Test
  void off_beginsNoTrace() {
    assertThat(Tracing.OFF.<Boolean, RuntimeException>root("outer", Tracing::isInTrace)).isFalse();
  }

  @Test
  void whatATraceReliesOn_isLinked_ifItIsRecorded() {
    AtomicReference<SpanContext> other = new AtomicReference<>(SpanContext.getInvalid());
    var unused =
        tracing.root(
            "dial",
            () -> {
              other.set(Span.current().getSpanContext());
              return 1;
            });
    Context served = tracing.start("serve", SpanKind.SERVER, Context.root());
    try (Scope scope = served.makeCurrent()) {
      assertThat(scope).isNotNull();
      Tracing.relyOn(other.get(), Tracing.PEER, "nse-2");
      Tracing.relyOn(SpanContext.getInvalid(), Tracing.PEER, "nse-3");
    }
    Span.fromContext(served).end();
    List<SpanData> all = spans.getFinishedSpanItems();
    assertThat(all.get(1).getLinks())
        .singleElement()
        .satisfies(
            link -> {
              assertThat(link.getSpanContext().getTraceId()).isEqualTo(all.get(0).getTraceId());
              assertThat(link.getAttributes().get(Tracing.PEER)).isEqualTo("nse-2");
            });
  }
}
