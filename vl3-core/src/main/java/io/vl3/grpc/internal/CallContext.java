package io.vl3.grpc.internal;

import io.grpc.BindableService;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;

/** Puts the caller and the headers of every call into its gRPC context. */
public final class CallContext implements ServerInterceptor {

  private CallContext() {}

  /** The service, each call of which finds its caller by {@link CallerKey#current}. */
  public static ServerServiceDefinition around(BindableService service) {
    return ServerInterceptors.intercept(service, new CallContext());
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return Contexts.interceptCall(CallerKey.contextOf(call, headers), call, headers, next);
  }
}
