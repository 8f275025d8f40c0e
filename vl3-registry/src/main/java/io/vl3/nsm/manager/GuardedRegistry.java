package io.vl3.nsm.manager;

import io.vl3.connection.Caller;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.CallerKey;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.Registry;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A registry as its callers over gRPC may use it: those of this node as they like, those of others
 * to look up what is here. These may not change anything, and are not led on to third domains. A
 * network service is changed by its owner only.
 */
final class GuardedRegistry implements Registry {

  private final Registry registry;
  private final ReceivedSockets sockets;
  private final Supplier<Optional<String>> ownId;
  private final ServiceOwners serviceOwners = new ServiceOwners();

  /**
   * A guard.
   *
   * @param ownId our SPIFFE ID, where there is TLS
   */
  GuardedRegistry(Registry registry, ReceivedSockets sockets, Supplier<Optional<String>> ownId) {
    this.registry = registry;
    this.sockets = sockets;
    this.ownId = ownId;
  }

  @Override
  public EndpointRecord register(EndpointRecord endpoint) throws EndpointException {
    checkLocal("register");
    return sockets.register(passedOn(endpoint));
  }

  @Override
  public void unregister(EndpointRecord endpoint) throws EndpointException {
    checkLocal("unregister");
    registry.unregister(endpoint);
  }

  @Override
  public List<EndpointRecord> find(EndpointQuery query) throws EndpointException {
    checkQuery(query);
    return registry.find(query);
  }

  @Override
  public Subscription watch(EndpointQuery query, Listener listener) {
    try {
      checkQuery(query);
    } catch (EndpointException refused) {
      listener.onEnd(refused);
      return () -> {};
    }
    return registry.watch(query, listener);
  }

  @Override
  public NetworkServiceRecord registerService(NetworkServiceRecord service)
      throws EndpointException {
    checkLocal("register");
    Caller caller = CallerKey.current();
    boolean taken = serviceOwners.take(service.name(), caller);
    try {
      return registry.registerService(service);
    } catch (EndpointException refused) {
      if (taken) {
        serviceOwners.giveBack(service.name(), caller);
      }
      throw refused;
    }
  }

  @Override
  public Optional<NetworkServiceRecord> findService(String name) throws EndpointException {
    return registry.findService(name);
  }

  @Override
  public void unregisterService(String name) throws EndpointException {
    checkLocal("unregister");
    serviceOwners.giveBack(name, CallerKey.current());
    registry.unregisterService(name);
  }

  /** Those who read the registration are to know that it came by us (NSM v1, {@code path_ids}). */
  private EndpointRecord passedOn(EndpointRecord endpoint) {
    return endpoint.withOwners(
        Stream.concat(endpoint.owners().stream(), ownId.get().stream()).toList());
  }

  private static void checkQuery(EndpointQuery query) throws EndpointException {
    if (query.name().contains("@") || query.service().contains("@")) {
      checkLocal("search other domains");
    }
  }

  private static void checkLocal(String what) throws EndpointException {
    Caller caller = CallerKey.current();
    if (!LocalCallers.isLocal(caller)) {
      throw new EndpointException(
          Reason.DENIED, "%s: %s (expected: a caller on this node)".formatted(what, caller));
    }
  }
}
