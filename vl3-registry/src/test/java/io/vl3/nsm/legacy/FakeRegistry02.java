package io.vl3.nsm.legacy;

import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.vl3.api.nsm02.registry.FindNetworkServiceRequest;
import io.vl3.api.nsm02.registry.FindNetworkServiceResponse;
import io.vl3.api.nsm02.registry.NSERegistration;
import io.vl3.api.nsm02.registry.NetworkService;
import io.vl3.api.nsm02.registry.NetworkServiceDiscoveryGrpc;
import io.vl3.api.nsm02.registry.NetworkServiceEndpoint;
import io.vl3.api.nsm02.registry.NetworkServiceManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The registry of one domain, as nsmd-k8s is: it makes names out of the service's, keeps a service
 * once it was registered, and passes searches for {@code service@address} on to that domain.
 */
public final class FakeRegistry02 {

  private final Map<String, NetworkService> services = new HashMap<>();
  private final Map<String, NetworkServiceEndpoint> endpoints = new LinkedHashMap<>();
  private final Map<String, FakeManager02> managers = new HashMap<>();
  private final Map<String, FakeRegistry02> domains = new HashMap<>();
  private final List<FindNetworkServiceRequest> searches = new CopyOnWriteArrayList<>();
  private final String letters;
  private int given;
  private boolean down;

  /**
   * A registry without endpoints.
   *
   * @param letters what the names that it gives end in, before a number
   */
  public FakeRegistry02(String letters) {
    this.letters = letters;
  }

  /** Another domain, found under its address. */
  public synchronized void domain(String address, FakeRegistry02 other) {
    domains.put(address, other);
  }

  /** Whether it answers with a failure only. */
  public synchronized void down(boolean value) {
    down = value;
  }

  /** What was searched at the registry itself. */
  public List<FindNetworkServiceRequest> searches() {
    return List.copyOf(searches);
  }

  /** The names that are registered now. */
  public synchronized List<String> names() {
    return List.copyOf(endpoints.keySet());
  }

  /** A registration. */
  public synchronized NetworkServiceEndpoint endpoint(String name) {
    return Optional.ofNullable(endpoints.get(name))
        .orElseThrow(() -> new IllegalArgumentException("endpoint: " + name));
  }

  synchronized void manager(FakeManager02 manager) {
    managers.put(manager.name(), manager);
  }

  synchronized NSERegistration register(NSERegistration wanted, FakeManager02 manager) {
    check();
    NetworkServiceEndpoint asked = wanted.getNetworkServiceEndpoint();
    String service = wanted.getNetworkService().getName();
    if (endpoints.containsKey(asked.getName())) {
      throw unknown("networkserviceendpoints \"%s\" already exists".formatted(asked.getName()));
    }
    String name =
        asked.getName().isEmpty() ? service + letters + (char) ('a' + given++) : asked.getName();
    NetworkServiceEndpoint granted =
        asked.toBuilder()
            .setName(name)
            .setPayload(wanted.getNetworkService().getPayload())
            .setNetworkServiceManagerName(manager.name())
            .putLabels("networkservicename", service)
            .setState("RUNNING")
            .build();
    services.putIfAbsent(service, wanted.getNetworkService());
    endpoints.put(name, granted);
    return wanted.toBuilder()
        .setNetworkServiceManager(manager.record())
        .setNetworkServiceEndpoint(granted)
        .build();
  }

  /** Forgets an endpoint. */
  public synchronized void remove(String name) {
    check();
    if (endpoints.remove(name) == null) {
      throw unknown("networkserviceendpoints \"%s\" not found".formatted(name));
    }
  }

  FindNetworkServiceResponse find(String wanted) {
    int at = wanted.indexOf('@');
    if (at >= 0) {
      FindNetworkServiceResponse there =
          other(wanted.substring(at + 1)).find(wanted.substring(0, at));
      return there.toBuilder()
          .setNetworkService(there.getNetworkService().toBuilder().setName(wanted))
          .build();
    }
    return findHere(wanted);
  }

  private synchronized FakeRegistry02 other(String address) {
    check();
    return Optional.ofNullable(domains.get(address))
        .orElseThrow(() -> unknown("context deadline exceeded"));
  }

  private synchronized FindNetworkServiceResponse findHere(String wanted) {
    check();
    NetworkService service = services.get(wanted);
    if (service == null) {
      throw unknown("networkservices.networkservicemesh.io \"%s\" not found".formatted(wanted));
    }
    FindNetworkServiceResponse.Builder found =
        FindNetworkServiceResponse.newBuilder()
            .setPayload(service.getPayload())
            .setNetworkService(service);
    endpoints.values().stream()
        .filter(endpoint -> endpoint.getNetworkServiceName().equals(wanted))
        .forEach(found::addNetworkServiceEndpoints);
    managers.forEach((name, one) -> found.putNetworkServiceManagers(name, one.record()));
    return found.build();
  }

  /** Every manager of this domain and of those known to it. */
  synchronized List<FakeManager02> all() {
    List<FakeManager02> all = new ArrayList<>(managers.values());
    domains.values().forEach(domain -> all.addAll(domain.managers()));
    return all;
  }

  private synchronized List<FakeManager02> managers() {
    return List.copyOf(managers.values());
  }

  /** Who serves an endpoint that a search has shown. */
  FakeManager02 managerOf(String service, String endpoint) {
    int at = service.indexOf('@');
    FakeRegistry02 there = at < 0 ? this : other(service.substring(at + 1));
    return there.manager(endpoint);
  }

  private synchronized FakeManager02 manager(String endpoint) {
    return Optional.ofNullable(managers.get(endpoint(endpoint).getNetworkServiceManagerName()))
        .orElseThrow(() -> unknown("no manager of " + endpoint));
  }

  private void check() {
    if (down) {
      throw Status.UNAVAILABLE.withDescription("registry: down").asRuntimeException();
    }
  }

  static StatusRuntimeException unknown(String message) {
    return Status.UNKNOWN.withDescription(message).asRuntimeException();
  }

  /** As nsmd-k8s serves it at port 5000. */
  public BindableService discovery() {
    return new NetworkServiceDiscoveryGrpc.NetworkServiceDiscoveryImplBase() {
      @Override
      public void findNetworkService(
          FindNetworkServiceRequest request, StreamObserver<FindNetworkServiceResponse> observer) {
        searches.add(request);
        answer(observer, () -> find(request.getNetworkServiceName()));
      }
    };
  }

  static <T> void answer(StreamObserver<T> observer, Supplier<T> work) {
    try {
      observer.onNext(work.get());
      observer.onCompleted();
    } catch (RuntimeException failure) {
      observer.onError(Status.fromThrowable(failure).asRuntimeException());
    }
  }

  static NetworkServiceManager record(String name, String url) {
    return NetworkServiceManager.newBuilder().setName(name).setUrl(url).setState("RUNNING").build();
  }
}
