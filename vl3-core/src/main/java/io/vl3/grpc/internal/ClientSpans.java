package io.vl3.grpc.internal;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.vl3.tracing.Tracing;

/**
 * Hands the trace of the calling thread on with its calls, each of which is a span in it. Streams,
 * which last for hours, are none of their own, nor is what is not sampled; calls that belong to no
 * trace begin none.
 */
public final class ClientSpans implements ClientInterceptor {

  private final Tracing tracing;

  /** Records calls there. */
  public ClientSpans(Tracing tracing) {
    this.tracing = tracing;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    ClientCall<Q, A> call = next.newCall(method, options);
    if (!Tracing.isInTrace()) {
      return call;
    }
    Context around = Context.current();
    boolean sampled = Span.fromContext(around).getSpanContext().isSampled();
    return sampled && method.getType() == MethodType.UNARY
        ? new Traced<>(
            call, tracing.start(method.getFullMethodName(), SpanKind.CLIENT, around), method)
        : new HandingOn<>(call, around);
  }

  private static class HandingOn<Q, A> extends SimpleForwardingClientCall<Q, A> {

    private final Context context;

    HandingOn(ClientCall<Q, A> call, Context context) {
      super(call);
      this.context = context;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      TraceHeaders.write(context, headers);
      super.start(listener, headers);
    }
  }

  private static final class Traced<Q, A> extends HandingOn<Q, A> {

    private final Span span;

    Traced(ClientCall<Q, A> call, Context context, MethodDescriptor<Q, A> method) {
      super(call, context);
      this.span = Span.fromContext(context);
      if (span.isRecording()) {
        TraceHeaders.tell(span, method);
      }
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      super.start(span.isRecording() ? new Ending<>(listener, span) : listener, headers);
    }
  }

  private static final class Ending<A> extends SimpleForwardingClientCallListener<A> {

    private final Span span;

    Ending(ClientCall.Listener<A> listener, Span span) {
      super(listener);
      this.span = span;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      TraceHeaders.endAsked(span, status);
      super.onClose(status, trailers);
    }
  }
}
