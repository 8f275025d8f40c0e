package io.vl3.admin;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.vl3.connection.Caller;
import io.vl3.grpc.internal.CallerKey;

/** Refuses calls of everybody whom the access does not name, before the service sees them. */
final class AllowCallers implements ServerInterceptor {

  private final AdminAccess access;

  AllowCallers(AdminAccess access) {
    this.access = access;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Caller caller = call.getAttributes().get(CallerKey.ATTRIBUTE);
    String identity = (caller == null ? Caller.ANONYMOUS : caller).identity();
    if (access.allows(identity)) {
      return next.startCall(call, headers);
    }
    call.close(
        Status.PERMISSION_DENIED.withDescription(
            "caller: %s (expected: one that admin.allow names)".formatted(identity)),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
