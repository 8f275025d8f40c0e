package io.vl3.registry;

import io.vl3.failure.EndpointException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A registry that finds {@code service@domain} in that domain's registry, and names what it finds
 * there {@code name@domain}; everything else is its own.
 *
 * @param own the registry of its own domain
 * @param remote the others' registries by domain
 */
public record FakeDomains(Registry own, Map<String, Registry> remote) implements Registry {

  @Override
  public EndpointRecord register(EndpointRecord endpoint) throws EndpointException {
    return own.register(endpoint);
  }

  @Override
  public void unregister(EndpointRecord endpoint) throws EndpointException {
    own.unregister(endpoint);
  }

  @Override
  public List<EndpointRecord> find(EndpointQuery query) throws EndpointException {
    return own.find(query);
  }

  @Override
  public Subscription watch(EndpointQuery query, Listener listener) {
    int at = query.service().indexOf('@');
    if (at < 0) {
      return own.watch(query, listener);
    }
    String domain = query.service().substring(at + 1);
    EndpointQuery there =
        new EndpointQuery(
            query.name(), query.service().substring(0, at), query.labels(), query.url());
    Registry registry = remote.get(domain);
    if (registry == null) {
      throw new IllegalArgumentException("domain: " + domain + " (expected: " + remote.keySet());
    }
    return registry.watch(there, new Renaming(domain, listener));
  }

  @Override
  public NetworkServiceRecord registerService(NetworkServiceRecord service)
      throws EndpointException {
    return own.registerService(service);
  }

  @Override
  public Optional<NetworkServiceRecord> findService(String name) throws EndpointException {
    return own.findService(name);
  }

  @Override
  public void unregisterService(String name) throws EndpointException {
    own.unregisterService(name);
  }

  /**
   * Names what another domain's registry tells, and its services, {@code name@domain}, as NSM's
   * proxies do.
   *
   * @param listener who is told
   */
  public record Renaming(String domain, Listener listener) implements Listener {

    @Override
    public void onPresent(EndpointRecord endpoint) {
      listener.onPresent(renamed(endpoint));
    }

    @Override
    public void onGone(EndpointRecord endpoint) {
      listener.onGone(renamed(endpoint));
    }

    private EndpointRecord renamed(EndpointRecord endpoint) {
      Map<String, Map<String, String>> services = new TreeMap<>();
      endpoint
          .services()
          .forEach((service, labels) -> services.put(service + "@" + domain, labels));
      return new EndpointRecord(
          endpoint.name() + "@" + domain,
          services,
          endpoint.url(),
          endpoint.expires(),
          endpoint.registered(),
          endpoint.owners());
    }

    @Override
    public void onSynced() {
      listener.onSynced();
    }

    @Override
    public void onEnd(Throwable cause) {
      listener.onEnd(cause);
    }
  }
}
