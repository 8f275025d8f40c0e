package io.vl3.grpc.internal;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/** Remembers which connection carried a call, once the server has begun to answer. */
final class CarryingConnection implements ClientInterceptor {

  private volatile Attributes attributes = Attributes.EMPTY;

  /** The transport's attributes; empty before an answer. */
  Attributes attributes() {
    return attributes;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        ClientCall<Q, A> call = delegate();
        super.start(
            new SimpleForwardingClientCallListener<A>(listener) {
              @Override
              public void onHeaders(Metadata answered) {
                attributes = call.getAttributes();
                super.onHeaders(answered);
              }
            },
            headers);
      }
    };
  }
}
