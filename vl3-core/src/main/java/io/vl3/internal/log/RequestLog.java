package io.vl3.internal.log;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Until it is closed, log lines of this thread say which connection they are about, and which trace
 * they belong to. May be nested; closed by the thread that opened it.
 */
public final class RequestLog implements AutoCloseable {

  /** A connection's id in SLF4J's diagnostic context. */
  public static final String CONNECTION = "connection";

  /** A trace's id there. */
  public static final String TRACE = "trace_id";

  private final @Nullable String connection;
  private final @Nullable String trace;

  private RequestLog(@Nullable String connection, @Nullable String trace) {
    this.connection = connection;
    this.trace = trace;
  }

  /** Lines are about a connection from now on, and belong to the trace of this thread, if any. */
  public static RequestLog of(String connection) {
    RequestLog before = new RequestLog(MDC.get(CONNECTION), MDC.get(TRACE));
    SpanContext span = Span.current().getSpanContext();
    put(CONNECTION, connection.isEmpty() ? null : connection);
    put(TRACE, span.isValid() ? span.getTraceId() : null);
    return before;
  }

  /** Lines are about no connection: what follows is done for several. */
  public static RequestLog ofSeveral() {
    return of("");
  }

  @Override
  public void close() {
    put(CONNECTION, connection);
    put(TRACE, trace);
  }

  private static void put(String key, @Nullable String value) {
    if (value == null) {
      MDC.remove(key);
    } else {
      MDC.put(key, value);
    }
  }
}
