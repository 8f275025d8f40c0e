package io.vl3.grpc.internal;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Traces on the wire as NSM's components in Go have them: W3C's {@code traceparent} and {@code
 * tracestate} among a call's headers; names and attributes of spans as otelgrpc has them.
 */
final class TraceHeaders {

  private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();
  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system");
  private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("rpc.service");
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
  private static final AttributeKey<Long> CODE = AttributeKey.longKey("rpc.grpc.status_code");

  private TraceHeaders() {}

  /** The trace that a caller is in; the root if it is in none, or writes it wrongly. */
  static Context read(Metadata headers) {
    return W3C.extract(Context.root(), headers, Getter.INSTANCE);
  }

  /**
   * Writes the trace of a context in place of any. Of its flags only whether it is sampled: with
   * W3C's second one, which says that the id is random, NSM's components (OpenTelemetry for Go
   * 1.35) take the header for none.
   */
  static void write(Context context, Metadata headers) {
    SpanContext span = Span.fromContext(context).getSpanContext();
    TraceFlags flags = span.isSampled() ? TraceFlags.getSampled() : TraceFlags.getDefault();
    SpanContext written =
        SpanContext.create(span.getTraceId(), span.getSpanId(), flags, span.getTraceState());
    W3C.inject(
        Context.root().with(Span.wrap(written)),
        headers,
        (into, name, value) -> {
          if (into != null) {
            Metadata.Key<String> key = key(name);
            into.discardAll(key);
            into.put(key, value);
          }
        });
  }

  /** Says which method a span is about. */
  static void tell(Span span, MethodDescriptor<?, ?> method) {
    span.setAttribute(SYSTEM, "grpc");
    span.setAttribute(SERVICE, String.valueOf(method.getServiceName()));
    span.setAttribute(METHOD, String.valueOf(method.getBareMethodName()));
  }

  /** Ends the span of a call that we made: the root cause of a failure is its status. */
  static void endAsked(Span span, Status status) {
    end(
        span,
        status,
        status.isOk() ? "" : StatusCodes.toException(status.asRuntimeException()).getMessage());
  }

  /** The same for a call that we answered: the root cause is what the caller is told. */
  static void endServed(Span span, Status status) {
    end(span, status, Optional.ofNullable(status.getDescription()).orElse(""));
  }

  private static void end(Span span, Status status, String cause) {
    span.setAttribute(CODE, (long) status.getCode().value());
    if (!status.isOk()) {
      span.setStatus(StatusCode.ERROR, cause);
    }
    span.end();
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private enum Getter implements TextMapGetter<Metadata> {
    INSTANCE;

    @Override
    public @Nullable String get(@Nullable Metadata headers, String name) {
      return headers == null ? null : headers.get(key(name));
    }
  }
}
