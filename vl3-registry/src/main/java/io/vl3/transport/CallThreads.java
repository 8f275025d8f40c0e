package io.vl3.transport;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerServiceDefinition;
import io.vl3.grpc.internal.HandsCallsOn;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The threads on which a server's calls begin: those of the sockets for services that hand calls on
 * themselves, else those of an executor.
 */
final class CallThreads implements ServerCallExecutorSupplier {

  private final Executor executor;
  private final Set<String> handingOn = new HashSet<>();

  CallThreads(Executor executor) {
    this.executor = executor;
  }

  /** A service of the server, before it starts. */
  ServerServiceDefinition bind(BindableService service) {
    ServerServiceDefinition bound = service.bindService();
    if (service instanceof HandsCallsOn) {
      handingOn.add(bound.getServiceDescriptor().getName());
    }
    return bound;
  }

  @Override
  public <Q, A> @Nullable Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
    return handingOn.contains(String.valueOf(call.getMethodDescriptor().getServiceName()))
        ? null
        : executor;
  }
}
