package io.vl3.nsm;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.Registry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network services of an endpoint, registered before it, and again only where the registry has
 * lost them, which is looked up before each refresh. Those that are another's are left as they are.
 * Thread-safe; calls of the registry block.
 */
final class RegisteredServices {

  private static final Logger LOG = LoggerFactory.getLogger(RegisteredServices.class);

  private final Registry registry;
  private final List<NetworkServiceRecord> services;
  private final Supplier<String> endpoint;

  /** The registry's reasons for refusing services, until they are logged. Guarded by this. */
  private final Map<String, String> denials = new HashMap<>();

  private final Set<String> logged = new HashSet<>();
  private boolean stand;

  /**
   * Not registered yet.
   *
   * @param endpoint the endpoint's name now, for messages
   */
  RegisteredServices(
      Registry registry, List<NetworkServiceRecord> services, Supplier<String> endpoint) {
    this.registry = registry;
    this.services = List.copyOf(services);
    this.endpoint = endpoint;
  }

  /**
   * Registers those that the registry does not have.
   *
   * @throws EndpointException if it takes one neither from us nor from another
   */
  void register() throws EndpointException {
    boolean stood;
    synchronized (this) {
      stood = stand;
      stand = true;
    }
    for (NetworkServiceRecord service : services) {
      if (!stood || isForgotten(service)) {
        register(service);
      }
    }
  }

  /** The registry may have none of them any more. */
  synchronized void lost() {
    stand = false;
    denials.clear();
  }

  /**
   * Logs which services are another's, each once. Called when the endpoint is registered: who may
   * not register itself either is denied for another reason.
   */
  void logDenials() {
    Map<String, String> fresh = new TreeMap<>();
    synchronized (this) {
      denials.forEach(
          (service, why) -> {
            if (logged.add(service)) {
              fresh.put(service, why);
            }
          });
      denials.clear();
    }
    fresh.forEach(
        (service, why) ->
            LOG.info(
                "endpoint {}: network service {} belongs to who registered it first, and stays as"
                    + " it is; this endpoint serves it all the same [{}]",
                endpoint.get(),
                service,
                why));
  }

  /**
   * A registry behind others may lose what it knows without breaking any stream of ours. Services
   * that stand are left as they are: somebody may have changed what belongs to nobody.
   */
  private boolean isForgotten(NetworkServiceRecord service) {
    try {
      boolean forgotten = registry.findService(service.name()).isEmpty();
      if (forgotten) {
        LOG.info(
            "endpoint {}: the registry has forgotten network service {}, registered again",
            endpoint.get(),
            service.name());
      }
      return forgotten;
    } catch (EndpointException failure) {
      LOG.debug("network service {}: not looked up: {}", service.name(), failure.getMessage());
      return false;
    }
  }

  /** A service that belongs to another is there already, and that is all we need. */
  private void register(NetworkServiceRecord service) throws EndpointException {
    try {
      var unused = registry.registerService(service);
    } catch (EndpointException failure) {
      if (failure.reason() != Reason.DENIED) {
        throw failure;
      }
      synchronized (this) {
        denials.put(service.name(), failure.getMessage());
      }
    }
  }
}
