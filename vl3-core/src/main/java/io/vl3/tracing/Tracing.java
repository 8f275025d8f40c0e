package io.vl3.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;

/**
 * Makes the spans of a process, which is part of a trace through many. A chain runs on one thread,
 * whose current span ({@link Span#current()}) is that of the call or the event that it serves: an
 * element adds to it, and makes spans within it by {@link #step}. Without an OpenTelemetry nothing
 * is recorded, and a trace that a caller began is handed on as it is.
 *
 * <p>Thread-safe. A span that is not recorded costs next to nothing.
 */
public final class Tracing {

  /** A connection's id, as the component has it that the span is about. */
  public static final AttributeKey<String> CONNECTION = AttributeKey.stringKey("vl3.connection.id");

  /** The network service that was asked for. */
  public static final AttributeKey<String> SERVICE = AttributeKey.stringKey("vl3.network_service");

  /** The endpoint that serves a connection. */
  public static final AttributeKey<String> ENDPOINT = AttributeKey.stringKey("vl3.endpoint");

  /** The other side of a link between endpoints. */
  public static final AttributeKey<String> PEER = AttributeKey.stringKey("vl3.peer");

  /** The key of a link in a data plane. */
  public static final AttributeKey<String> LINK = AttributeKey.stringKey("vl3.link");

  /** Records nothing. */
  public static final Tracing OFF = of(OpenTelemetry.noop());

  /** By which a step finds what made the span around it. */
  private static final ContextKey<Tracer> TRACER = ContextKey.named("io.vl3.tracer");

  private final Tracer tracer;

  private Tracing(Tracer tracer) {
    this.tracer = tracer;
  }

  /** Records in an OpenTelemetry, which stays the caller's. */
  public static Tracing of(OpenTelemetry telemetry) {
    return new Tracing(telemetry.getTracer("io.vl3"));
  }

  /**
   * Something to do.
   *
   * @param <T> its result
   * @param <E> how it fails
   */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {

    /** Does it. */
    T run() throws E;
  }

  /** Does something that nobody asked for by a call: a trace begins with it, if none has. */
  public <T, E extends Exception> T root(String name, Work<T, E> work) throws E {
    return isInTrace() ? work.run() : within(start(name, SpanKind.INTERNAL, Context.root()), work);
  }

  /**
   * Does something as a step of what runs on this thread: a span of its own, if that is recorded.
   *
   * @param key what says what the step is about
   */
  public static <T, E extends Exception> T step(
      String name, AttributeKey<String> key, String value, Work<T, E> work) throws E {
    Tracer tracer = Context.current().get(TRACER);
    if (tracer == null || !Span.current().isRecording()) {
      return work.run();
    }
    Tracing tracing = new Tracing(tracer);
    Context started = tracing.start(name, SpanKind.INTERNAL, Context.current());
    Span.fromContext(started).setAttribute(key, value);
    return tracing.within(started, work);
  }

  /** Says something of what runs on this thread, if that is recorded. */
  public static void tell(AttributeKey<String> key, String value) {
    if (!value.isEmpty()) {
      Span.current().setAttribute(key, value);
    }
  }

  /** Names another trace as what this one relies on, if both are recorded. */
  public static void relyOn(SpanContext other, AttributeKey<String> key, String value) {
    if (other.isSampled() && Span.current().isRecording()) {
      Span.current().addLink(other, Attributes.of(key, value));
    }
  }

  /** Whether this thread works for a trace. */
  public static boolean isInTrace() {
    return Span.current().getSpanContext().isValid();
  }

  /**
   * Starts a span.
   *
   * @param name such as {@code networkservice.NetworkService/Request}
   * @return a context that has it, to be made current where its work runs
   */
  public Context start(String name, SpanKind kind, Context parent) {
    Span span = tracer.spanBuilder(name).setSpanKind(kind).setParent(parent).startSpan();
    return parent.with(span).with(TRACER, tracer);
  }

  @SuppressWarnings("try") // it is only held
  private <T, E extends Exception> T within(Context started, Work<T, E> work) throws E {
    Span span = Span.fromContext(started);
    try (Scope scope = started.makeCurrent()) {
      return work.run();
    } catch (Throwable failure) {
      span.setStatus(StatusCode.ERROR, text(failure));
      throw failure;
    } finally {
      span.end();
    }
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
