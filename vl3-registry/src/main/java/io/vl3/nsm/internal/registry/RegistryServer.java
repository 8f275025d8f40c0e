package io.vl3.nsm.internal.registry;

import com.google.protobuf.Empty;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vl3.api.registry.NetworkService;
import io.vl3.api.registry.NetworkServiceEndpoint;
import io.vl3.api.registry.NetworkServiceEndpointQuery;
import io.vl3.api.registry.NetworkServiceEndpointRegistryGrpc;
import io.vl3.api.registry.NetworkServiceEndpointResponse;
import io.vl3.api.registry.NetworkServiceQuery;
import io.vl3.api.registry.NetworkServiceRegistryGrpc;
import io.vl3.api.registry.NetworkServiceResponse;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.BlockingCalls;
import io.vl3.grpc.internal.CallContext;
import io.vl3.grpc.internal.CallerKey;
import io.vl3.grpc.internal.HandsCallsOn;
import io.vl3.grpc.internal.RegistryConverter;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.Registry;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Serves a registry in the NSM v1 API. A registration belongs to the caller, whatever the message
 * claims. A watcher that reads too slowly is ended with RESOURCE_EXHAUSTED and subscribes again.
 */
public final class RegistryServer {

  private final Registry registry;
  private final Supplier<List<NetworkServiceRecord>> networkServices;
  private final Executor executor;
  private final BlockingCalls calls;

  /** Serves the registry of this process. */
  public RegistryServer(InMemoryRegistry registry, Executor executor) {
    this(registry, registry::services, executor);
  }

  /**
   * Serves any registry.
   *
   * @param networkServices what a search for network services looks through
   * @param executor where calls run; they block for as long as the registry
   */
  public RegistryServer(
      Registry registry, Supplier<List<NetworkServiceRecord>> networkServices, Executor executor) {
    this.registry = registry;
    this.networkServices = networkServices;
    this.executor = executor;
    this.calls = new BlockingCalls(executor);
  }

  /** The two services, of endpoints and of network services, to add to a server. */
  public List<BindableService> services() {
    return List.of(served(new Endpoints()), served(new Services()));
  }

  private static BindableService served(BindableService service) {
    return new HandsCallsOn() {
      @Override
      public ServerServiceDefinition bindService() {
        return CallContext.around(() -> PathEcho.around(service));
      }
    };
  }

  private final class Endpoints
      extends NetworkServiceEndpointRegistryGrpc.NetworkServiceEndpointRegistryImplBase {

    @Override
    public void register(
        NetworkServiceEndpoint endpoint, StreamObserver<NetworkServiceEndpoint> observer) {
      calls.answer(
          observer, () -> RegistryConverter.toProto(registry.register(ofCaller(endpoint))));
    }

    @Override
    public void unregister(NetworkServiceEndpoint endpoint, StreamObserver<Empty> observer) {
      calls.answer(
          observer,
          () -> {
            registry.unregister(ofCaller(endpoint));
            return Empty.getDefaultInstance();
          });
    }

    @Override
    public void find(
        NetworkServiceEndpointQuery query,
        StreamObserver<NetworkServiceEndpointResponse> observer) {
      if (query.getWatch()) {
        watch(query, (ServerCallStreamObserver<NetworkServiceEndpointResponse>) observer);
      } else {
        calls.answerAll(observer, () -> search(query));
      }
    }
  }

  private List<NetworkServiceEndpointResponse> search(NetworkServiceEndpointQuery query)
      throws EndpointException {
    return registry.find(RegistryConverter.toDomain(query)).stream()
        .map(endpoint -> RegistryConverter.toResponse(endpoint, false))
        .toList();
  }

  private void watch(
      NetworkServiceEndpointQuery query,
      ServerCallStreamObserver<NetworkServiceEndpointResponse> observer) {
    EndpointQuery wanted;
    try {
      wanted = RegistryConverter.toDomain(query);
    } catch (EndpointException invalid) {
      observer.onError(StatusCodes.toStatus(invalid).asRuntimeException());
      return;
    }
    ServedWatch watch = new ServedWatch(observer);
    try {
      executor.execute(Context.current().wrap(() -> watch.start(registry, wanted)));
    } catch (RejectedExecutionException full) {
      watch.end(Status.UNAVAILABLE.withDescription("registry: stopping or full"));
    }
  }

  private static EndpointRecord ofCaller(NetworkServiceEndpoint endpoint) throws EndpointException {
    return RegistryConverter.toDomain(endpoint).withOwners(List.of(CallerKey.current().identity()));
  }

  private final class Services extends NetworkServiceRegistryGrpc.NetworkServiceRegistryImplBase {

    @Override
    public void register(NetworkService service, StreamObserver<NetworkService> observer) {
      calls.answer(
          observer,
          () ->
              RegistryConverter.toProto(
                  registry.registerService(RegistryConverter.toDomain(service))));
    }

    @Override
    public void unregister(NetworkService service, StreamObserver<Empty> observer) {
      calls.answer(
          observer,
          () -> {
            registry.unregisterService(RegistryConverter.toDomain(service).name());
            return Empty.getDefaultInstance();
          });
    }

    @Override
    public void find(NetworkServiceQuery query, StreamObserver<NetworkServiceResponse> observer) {
      calls.answerAll(observer, () -> searchServices(query));
    }
  }

  private List<NetworkServiceResponse> searchServices(NetworkServiceQuery query)
      throws EndpointException {
    if (query.getWatch()) {
      throw new EndpointException(
          Reason.INVALID, "watch: true (expected: false) [network services are not watched here]");
    }
    String name = query.getNetworkService().getName();
    return networkServices.get().stream()
        .filter(service -> name.isEmpty() || name.equals(service.name()))
        .map(RegistryConverter::toProto)
        .map(found -> NetworkServiceResponse.newBuilder().setNetworkService(found).build())
        .toList();
  }
}
