package io.vl3.grpc.internal;

import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.vl3.tracing.Tracing;

/**
 * Takes up the trace that a caller is in, or begins one; every call is a span in it. Where the call
 * is served, {@link #current} has it. Streams, which last for hours, are no spans.
 */
public final class ServerSpans implements ServerInterceptor {

  private static final io.grpc.Context.Key<Context> TRACE =
      io.grpc.Context.keyWithDefault("io.vl3.trace", Context.root());

  private final Tracing tracing;

  /** Records calls there. */
  public ServerSpans(Tracing tracing) {
    this.tracing = tracing;
  }

  /** The trace of the call whose gRPC context this thread has; the root for none. */
  static Context current() {
    return TRACE.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (call.getMethodDescriptor().getType() != MethodType.UNARY) {
      return next.startCall(call, headers);
    }
    String name = call.getMethodDescriptor().getFullMethodName();
    Context context = tracing.start(name, SpanKind.SERVER, TraceHeaders.read(headers));
    Span span = Span.fromContext(context);
    if (!span.getSpanContext().isValid()) {
      return next.startCall(call, headers);
    }
    io.grpc.Context carrying = io.grpc.Context.current().withValue(TRACE, context);
    if (!span.isRecording()) {
      return Contexts.interceptCall(carrying, call, headers, next);
    }
    TraceHeaders.tell(span, call.getMethodDescriptor());
    return new Cancellable<>(
        Contexts.interceptCall(carrying, new Ending<>(call, span), headers, next), span);
  }

  private static final class Ending<Q, A> extends SimpleForwardingServerCall<Q, A> {

    private final Span span;

    Ending(ServerCall<Q, A> call, Span span) {
      super(call);
      this.span = span;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      TraceHeaders.endServed(span, status);
      super.close(status, trailers);
    }
  }

  /** A caller that leaves before it is answered ends the span; what is done for it goes on. */
  private static final class Cancellable<Q> extends SimpleForwardingServerCallListener<Q> {

    private final Span span;

    Cancellable(ServerCall.Listener<Q> listener, Span span) {
      super(listener);
      this.span = span;
    }

    @Override
    public void onCancel() {
      if (span.isRecording()) {
        TraceHeaders.endServed(span, Status.CANCELLED.withDescription("the caller has left"));
      }
      super.onCancel();
    }
  }
}
