package io.vl3.nsm.internal.registry;

import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.vl3.api.registry.NetworkService;
import io.vl3.api.registry.NetworkServiceEndpoint;
import io.vl3.api.registry.NetworkServiceEndpointRegistryGrpc;
import io.vl3.api.registry.NetworkServiceEndpointRegistryGrpc.NetworkServiceEndpointRegistryBlockingStub;
import io.vl3.api.registry.NetworkServiceEndpointResponse;
import io.vl3.api.registry.NetworkServiceQuery;
import io.vl3.api.registry.NetworkServiceRegistryGrpc;
import io.vl3.api.registry.NetworkServiceRegistryGrpc.NetworkServiceRegistryBlockingStub;
import io.vl3.api.registry.NetworkServiceResponse;
import io.vl3.connection.TokenSource;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.internal.RegistryConverter;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.grpc.internal.TokenHeaders;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.Registry;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * The registry of a network service manager, over gRPC in the NSM v1 API. Every call is given up
 * after a time; listeners of watches are called on the channel's executor. Thread-safe.
 */
public final class NsmRegistryClient implements Registry {

  private final Channel channel;
  private final Duration timeout;
  private final Timer timer;
  private final boolean passesFiles;
  private final PathHeader endpointPaths = new PathHeader();
  private final PathHeader servicePaths = new PathHeader();

  /** A client that passes no files. */
  public NsmRegistryClient(Channel channel, TokenSource tokens, Duration timeout, Timer timer) {
    this(channel, tokens, timeout, timer, false);
  }

  /**
   * A client.
   *
   * @param channel to the registry; owned by the caller
   * @param tokens our tokens, one of which goes with every call
   * @param timeout how long a call may take, a watch excepted
   * @param timer spaces the searches beside a watch that begins
   * @param passesFiles whether the channel is one that carries the sockets of endpoints
   */
  public NsmRegistryClient(
      Channel channel, TokenSource tokens, Duration timeout, Timer timer, boolean passesFiles) {
    this.channel = ClientInterceptors.intercept(channel, TokenHeaders.from(tokens));
    this.timeout = timeout;
    this.timer = timer;
    this.passesFiles = passesFiles;
  }

  @Override
  public EndpointRecord register(EndpointRecord endpoint) throws EndpointException {
    return passesFiles ? SentSocket.with(endpoint, this::registerAsIs) : registerAsIs(endpoint);
  }

  private EndpointRecord registerAsIs(EndpointRecord endpoint) throws EndpointException {
    AtomicReference<Metadata> answered = new AtomicReference<>();
    NetworkServiceEndpointRegistryBlockingStub stub =
        NetworkServiceEndpointRegistryGrpc.newBlockingStub(channel)
            .withInterceptors(attach(endpointPaths.of(endpoint.name())), capture(answered));
    try {
      NetworkServiceEndpoint registered =
          withinTimeout(() -> stub.register(RegistryConverter.toProto(endpoint)));
      endpointPaths.keep(registered.getName(), Optional.ofNullable(answered.get()));
      return RegistryConverter.toDomain(registered);
    } catch (StatusRuntimeException failure) {
      throw StatusCodes.toException(failure);
    }
  }

  @Override
  public void unregister(EndpointRecord endpoint) throws EndpointException {
    try {
      var unused =
          endpoints(endpointPaths.of(endpoint.name()))
              .unregister(RegistryConverter.toProto(endpoint));
      endpointPaths.forget(endpoint.name());
    } catch (StatusRuntimeException failure) {
      throw StatusCodes.toException(failure);
    }
  }

  @Override
  public List<EndpointRecord> find(EndpointQuery query) throws EndpointException {
    try {
      return read(endpoints(endpointPaths.of("")).find(RegistryConverter.toProto(query, false)));
    } catch (StatusRuntimeException failure) {
      throw StatusCodes.toException(failure);
    }
  }

  private static List<EndpointRecord> read(Iterator<NetworkServiceEndpointResponse> found)
      throws EndpointException {
    List<EndpointRecord> records = new ArrayList<>();
    while (found.hasNext()) {
      NetworkServiceEndpointResponse each = found.next();
      if (!RegistryConverter.isRemoval(each)) {
        records.add(RegistryConverter.toDomain(each.getNetworkServiceEndpoint()));
      }
    }
    return records;
  }

  @Override
  public Subscription watch(EndpointQuery query, Listener listener) {
    return RemoteWatch.start(
        ClientInterceptors.intercept(channel, attach(endpointPaths.of(""))),
        query,
        listener,
        timeout,
        timer);
  }

  @Override
  public NetworkServiceRecord registerService(NetworkServiceRecord service)
      throws EndpointException {
    AtomicReference<Metadata> answered = new AtomicReference<>();
    try {
      NetworkService registered =
          services(servicePaths.of(service.name()))
              .withInterceptors(capture(answered))
              .register(RegistryConverter.toProto(service));
      servicePaths.keep(registered.getName(), Optional.ofNullable(answered.get()));
      return RegistryConverter.toDomain(registered);
    } catch (StatusRuntimeException failure) {
      throw StatusCodes.toException(failure);
    }
  }

  @Override
  public Optional<NetworkServiceRecord> findService(String name) throws EndpointException {
    NetworkServiceQuery query =
        NetworkServiceQuery.newBuilder()
            .setNetworkService(NetworkService.newBuilder().setName(name))
            .build();
    try {
      Iterator<NetworkServiceResponse> found = services(servicePaths.of("")).find(query);
      while (found.hasNext()) {
        NetworkServiceRecord each = RegistryConverter.toDomain(found.next().getNetworkService());
        if (each.name().equals(name)) {
          return Optional.of(each);
        }
      }
      return Optional.empty();
    } catch (StatusRuntimeException failure) {
      throw StatusCodes.toException(failure);
    }
  }

  @Override
  public void unregisterService(String name) throws EndpointException {
    try {
      var unused =
          services(servicePaths.of(name))
              .unregister(NetworkService.newBuilder().setName(name).build());
      servicePaths.forget(name);
    } catch (StatusRuntimeException failure) {
      throw StatusCodes.toException(failure);
    }
  }

  /**
   * Makes a call that the server is given no deadline for: NSM's registries take what is left of it
   * off the registration's life.
   */
  private <T> T withinTimeout(Supplier<T> call) {
    Context.CancellableContext context = Context.current().withCancellation();
    AtomicBoolean late = new AtomicBoolean();
    Timer.Cancellable limit =
        timer.after(
            timeout,
            () -> {
              late.set(true);
              context.cancel(null);
            });
    Context before = context.attach();
    try {
      return call.get();
    } catch (StatusRuntimeException failure) {
      throw late.get() ? noAnswer(failure) : failure;
    } finally {
      limit.cancel();
      context.detach(before);
      context.cancel(null);
    }
  }

  private StatusRuntimeException noAnswer(StatusRuntimeException cancelled) {
    return Status.DEADLINE_EXCEEDED
        .withDescription("registry: no answer within " + timeout)
        .withCause(cancelled)
        .asRuntimeException();
  }

  /** How many registrations this client keeps something of. */
  int kept() {
    return endpointPaths.size() + servicePaths.size();
  }

  private NetworkServiceEndpointRegistryBlockingStub endpoints(Metadata headers) {
    return NetworkServiceEndpointRegistryGrpc.newBlockingStub(channel)
        .withInterceptors(attach(headers))
        .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private NetworkServiceRegistryBlockingStub services(Metadata headers) {
    return NetworkServiceRegistryGrpc.newBlockingStub(channel)
        .withInterceptors(attach(headers))
        .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static ClientInterceptor attach(Metadata headers) {
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  private static ClientInterceptor capture(AtomicReference<Metadata> headers) {
    return MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>());
  }
}
