package io.vl3.transport;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Answers INVALID_ARGUMENT to a message that cannot be read. gRPC alone takes it for a fault of the
 * service: it answers UNKNOWN and logs an error with a trace.
 */
final class MalformedMessages {

  private MalformedMessages() {}

  /** The service, each method of which refuses what it cannot read. */
  static ServerServiceDefinition refused(ServerServiceDefinition service) {
    ServerServiceDefinition.Builder same =
        ServerServiceDefinition.builder(service.getServiceDescriptor().getName());
    service.getMethods().forEach(method -> same.addMethod(refusing(method)));
    return same.build();
  }

  private static <Q, A> ServerMethodDefinition<Q, A> refusing(ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        descriptor.toBuilder()
            .setRequestMarshaller(new Reader<>(descriptor.getRequestMarshaller()))
            .build(),
        refusing(method.getServerCallHandler()));
  }

  private static <Q, A> ServerCallHandler<Q, A> refusing(ServerCallHandler<Q, A> handler) {
    return (call, headers) -> new Refusing<>(handler.startCall(call, headers), call);
  }

  /** Reads null where there is no message, which no message is. */
  private record Reader<T>(MethodDescriptor.Marshaller<T> marshaller)
      implements MethodDescriptor.Marshaller<T> {

    @Override
    public InputStream stream(T value) {
      return marshaller.stream(value);
    }

    @Override
    public @Nullable T parse(InputStream stream) {
      try {
        return marshaller.parse(stream);
      } catch (StatusRuntimeException malformed) {
        return null;
      }
    }
  }

  private static final class Refusing<Q> extends SimpleForwardingServerCallListener<Q> {

    private final ServerCall<Q, ?> call;

    /** Touched by one callback at a time. */
    private boolean refused;

    Refusing(ServerCall.Listener<Q> listener, ServerCall<Q, ?> call) {
      super(listener);
      this.call = call;
    }

    @Override
    public void onMessage(@Nullable Q message) {
      if (message != null && !refused) {
        super.onMessage(message);
      } else if (!refused) {
        refused = true;
        call.close(
            Status.INVALID_ARGUMENT.withDescription(
                "message: unreadable (expected: %s)"
                    .formatted(call.getMethodDescriptor().getFullMethodName())),
            new Metadata());
      }
    }

    @Override
    public void onHalfClose() {
      if (!refused) {
        super.onHalfClose();
      }
    }
  }
}
