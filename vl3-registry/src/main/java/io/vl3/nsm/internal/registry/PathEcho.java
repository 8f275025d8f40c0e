package io.vl3.nsm.internal.registry;

import io.grpc.BindableService;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;

/** Answers a registry call's {@code path} header as it came: this registry adds nothing to it. */
final class PathEcho implements ServerInterceptor {

  private PathEcho() {}

  static ServerServiceDefinition around(BindableService service) {
    return ServerInterceptors.intercept(service, new PathEcho());
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String path = headers.get(PathHeader.KEY);
    if (path == null) {
      return next.startCall(call, headers);
    }
    return next.startCall(
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void sendHeaders(Metadata answer) {
            answer.put(PathHeader.KEY, path);
            super.sendHeaders(answer);
          }
        },
        headers);
  }
}
