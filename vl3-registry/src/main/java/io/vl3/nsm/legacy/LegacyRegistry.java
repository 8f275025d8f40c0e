package io.vl3.nsm.legacy;

import com.google.protobuf.Empty;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vl3.api.nsm02.registry.FindNetworkServiceRequest;
import io.vl3.api.nsm02.registry.FindNetworkServiceResponse;
import io.vl3.api.nsm02.registry.NSERegistration;
import io.vl3.api.nsm02.registry.NetworkService;
import io.vl3.api.nsm02.registry.NetworkServiceDiscoveryGrpc;
import io.vl3.api.nsm02.registry.NetworkServiceEndpoint;
import io.vl3.api.nsm02.registry.NetworkServiceRegistryGrpc;
import io.vl3.api.nsm02.registry.RemoveNSERequest;
import io.vl3.connection.Connection;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.nsm.legacy.EndpointNames.Found;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.Registry;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry of the 0.2 API: an endpoint is registered with its manager and gets a name there,
 * and is found with its service. A registration lasts until it is removed or forgotten. It
 * registers services with their endpoints, and has no watch, which is replaced by repeated
 * searches. Thread-safe.
 */
final class LegacyRegistry implements Registry {

  private static final Logger LOG = LoggerFactory.getLogger(LegacyRegistry.class);

  /** By which registries say that they know no such service: there are no endpoints then. */
  private static final Pattern NO_SERVICE =
      Pattern.compile("no NetworkService with name|networkservices\\S* \"[^\"]*\" not found");

  /** By which a registry refuses a name that another endpoint has. */
  private static final String TAKEN = "already exists";

  /** By which a registry says that there is nothing to remove. */
  private static final String GONE = "not found";

  private final Channel manager;
  private final Channel discovery;
  private final EndpointNames names;
  private final Times times;
  private final Timer timer;
  private final Executor executor;
  private final Set<RepeatedSearch> watches = ConcurrentHashMap.newKeySet();

  /**
   * Times.
   *
   * @param timeout how long a call may take
   * @param interval between the searches of a watch
   */
  record Times(Duration timeout, Duration interval) {}

  /**
   * A registry.
   *
   * @param manager where we register; owned by the caller
   * @param discovery where endpoints are searched; owned by the caller
   * @param names where the names of endpoints are noted
   * @param executor where searches run, which block
   */
  LegacyRegistry(
      Channel manager,
      Channel discovery,
      EndpointNames names,
      Times times,
      Timer timer,
      Executor executor) {
    this.manager = manager;
    this.discovery = discovery;
    this.names = names;
    this.times = times;
    this.timer = timer;
    this.executor = executor;
  }

  /** One that is still registered is left as it is; one that was forgotten asks for its name. */
  @Override
  public EndpointRecord register(EndpointRecord endpoint) throws EndpointException {
    String service = service(endpoint);
    Optional<String> before = names.own().map(Found::registered);
    if (before.isPresent() && isThere(service, before.get())) {
      return endpoint;
    }
    Map<String, String> labels = endpoint.services().getOrDefault(service, Map.of());
    NSERegistration wanted =
        NSERegistration.newBuilder()
            .setNetworkService(
                NetworkService.newBuilder().setName(service).setPayload(Connection.PAYLOAD_IP))
            .setNetworkServiceEndpoint(
                NetworkServiceEndpoint.newBuilder()
                    .setNetworkServiceName(service)
                    .setPayload(Connection.PAYLOAD_IP)
                    .putAllLabels(LegacyLabels.write(labels, endpoint.name())))
            .build();
    NetworkServiceEndpoint granted = granted(wanted, before);
    if (granted.getName().isEmpty()) {
      throw new EndpointException(
          Reason.INTERNAL, "network_service_endpoint.name: '' (expected: the name given to us)");
    }
    Found own = FoundEndpoints.found(granted);
    names.own(own);
    return endpoint.withName(own.shown());
  }

  /** Another may have taken the name meanwhile. */
  private NetworkServiceEndpoint granted(NSERegistration wanted, Optional<String> before)
      throws EndpointException {
    if (before.isPresent()) {
      try {
        return register(wanted, before.get());
      } catch (EndpointException refused) {
        if (!refused.getMessage().contains(TAKEN)) {
          throw refused;
        }
        LOG.info("endpoint {}: gets another name: {}", before.get(), refused.getMessage());
      }
    }
    return register(wanted, "");
  }

  private NetworkServiceEndpoint register(NSERegistration wanted, String name)
      throws EndpointException {
    NSERegistration.Builder named = wanted.toBuilder();
    named.getNetworkServiceEndpointBuilder().setName(name);
    return call(
        () ->
            NetworkServiceRegistryGrpc.newBlockingStub(manager)
                .withDeadlineAfter(times.timeout().toNanos(), TimeUnit.NANOSECONDS)
                .registerNSE(named.build())
                .getNetworkServiceEndpoint());
  }

  private boolean isThere(String service, String registered) throws EndpointException {
    return search(service).stream().anyMatch(found -> found.getName().equals(registered));
  }

  private static String service(EndpointRecord endpoint) throws EndpointException {
    if (endpoint.services().size() != 1) {
      throw new EndpointException(
          Reason.INVALID,
          "services: %s (expected: one, as NSM 0.2 has them)".formatted(endpoint.services()));
    }
    return endpoint.services().keySet().iterator().next();
  }

  @Override
  public void unregister(EndpointRecord endpoint) throws EndpointException {
    String registered =
        names
            .own()
            .filter(own -> own.shown().equals(endpoint.name()))
            .map(Found::registered)
            .orElse(endpoint.name());
    RemoveNSERequest removal =
        RemoveNSERequest.newBuilder().setNetworkServiceEndpointName(registered).build();
    try {
      Empty unused =
          call(
              () ->
                  NetworkServiceRegistryGrpc.newBlockingStub(manager)
                      .withDeadlineAfter(times.timeout().toNanos(), TimeUnit.NANOSECONDS)
                      .removeNSE(removal));
    } catch (EndpointException failure) {
      if (!failure.getMessage().contains(GONE)) {
        throw failure;
      }
    }
  }

  @Override
  public List<EndpointRecord> find(EndpointQuery query) throws EndpointException {
    Optional<String> service = searched(query);
    if (service.isEmpty()) {
      return List.of();
    }
    return FoundEndpoints.records(search(service.get()), service.get()).stream()
        .filter(query::matches)
        .toList();
  }

  /** A name alone is found only if it is ours: the registry searches by service. */
  private Optional<String> searched(EndpointQuery query) {
    return query.service().isEmpty()
        ? names.own().filter(own -> own.shown().equals(query.name())).map(Found::service)
        : Optional.of(query.service());
  }

  @Override
  public Subscription watch(EndpointQuery query, Listener listener) {
    watches.removeIf(RepeatedSearch::isClosed);
    RepeatedSearch watch =
        RepeatedSearch.start(
            () -> find(query), own(query), listener, times.interval(), timer, executor);
    watches.add(watch);
    return watch;
  }

  /** Whoever watches for us has registered us: we may be gone before the first search. */
  private List<EndpointRecord> own(EndpointQuery query) {
    return names
        .own()
        .filter(own -> query.service().isEmpty() && own.shown().equals(query.name()))
        .map(own -> List.of(EndpointRecord.of(own.shown(), own.service(), Map.of(), "")))
        .orElse(List.of());
  }

  /** Whether a watch has told its listener of an endpoint, by its name here without domain. */
  boolean hasTold(String name) {
    return watches.stream()
        .anyMatch(watch -> watch.hasTold(endpoint -> endpoint.localName().equals(name)));
  }

  /** Has every watch search now; completes when their listeners know what there is. */
  CompletableFuture<Void> hurry() {
    return CompletableFuture.allOf(
        watches.stream().map(RepeatedSearch::hurry).toArray(CompletableFuture[]::new));
  }

  /** It comes with its endpoints. */
  @Override
  public NetworkServiceRecord registerService(NetworkServiceRecord service) {
    return service;
  }

  @Override
  public Optional<NetworkServiceRecord> findService(String name) throws EndpointException {
    return response(name).map(found -> NetworkServiceRecord.of(name));
  }

  /** It goes with nobody: the registry has no call for that. */
  @Override
  public void unregisterService(String name) {}

  private List<NetworkServiceEndpoint> search(String service) throws EndpointException {
    List<NetworkServiceEndpoint> found =
        response(service)
            .map(FindNetworkServiceResponse::getNetworkServiceEndpointsList)
            .orElse(List.of());
    names.found(service, found.stream().map(FoundEndpoints::found).toList());
    return found;
  }

  private Optional<FindNetworkServiceResponse> response(String service) throws EndpointException {
    FindNetworkServiceRequest request =
        FindNetworkServiceRequest.newBuilder().setNetworkServiceName(service).build();
    try {
      return Optional.of(
          NetworkServiceDiscoveryGrpc.newBlockingStub(discovery)
              .withDeadlineAfter(times.timeout().toNanos(), TimeUnit.NANOSECONDS)
              .findNetworkService(request));
    } catch (StatusRuntimeException failure) {
      if (isNoService(failure.getStatus())) {
        return Optional.empty();
      }
      throw StatusCodes.toException(failure);
    }
  }

  private static boolean isNoService(Status status) {
    return status.getCode() == Status.Code.UNKNOWN
        && NO_SERVICE.matcher(Optional.ofNullable(status.getDescription()).orElse("")).find();
  }

  private static <T> T call(Supplier<T> call) throws EndpointException {
    try {
      return call.get();
    } catch (StatusRuntimeException failure) {
      throw StatusCodes.toException(failure);
    }
  }
}
