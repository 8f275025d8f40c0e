package io.vl3.admin;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.List;

/**
 * Refuses calls that change something, by their names: a call that is added is refused until its
 * name says that it reads.
 */
final class OnlyReading implements ServerInterceptor {

  private static final List<String> READING = List.of("Get", "List", "Watch");

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = String.valueOf(call.getMethodDescriptor().getBareMethodName());
    if (READING.stream().anyMatch(method::startsWith)) {
      return next.startCall(call, headers);
    }
    call.close(
        Status.PERMISSION_DENIED.withDescription(
            "%s: asked over a port (expected: on the process's unix socket)".formatted(method)),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
