package io.vl3.nse;

import io.vl3.failure.EndpointException;
import io.vl3.net.DomainName;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.Registry;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Registries side by side: one where plain names are, and further ones, each shown as a domain of
 * the first. Writes go to the first. Thread-safe.
 */
final class JoinedRegistry implements Registry {

  private final Registry own;
  private final Map<String, Registry> others;

  /**
   * A registry.
   *
   * @param others by domain
   */
  JoinedRegistry(Registry own, Map<String, Registry> others) {
    this.own = own;
    this.others = Map.copyOf(others);
  }

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
    Optional<String> domain = domain(query);
    if (domain.isEmpty()) {
      return own.find(query);
    }
    return other(domain.get()).find(plain(query)).stream()
        .map(found -> within(domain.get(), found))
        .toList();
  }

  @Override
  public Subscription watch(EndpointQuery query, Listener listener) {
    Optional<String> domain = domain(query);
    return domain.isEmpty()
        ? own.watch(query, listener)
        : other(domain.get()).watch(plain(query), new Within(domain.get(), listener));
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

  private Optional<String> domain(EndpointQuery query) {
    return Edges.domainOf(query.service(), others).or(() -> Edges.domainOf(query.name(), others));
  }

  private Registry other(String domain) {
    return Optional.ofNullable(others.get(domain))
        .orElseThrow(() -> new IllegalArgumentException("domain: " + domain));
  }

  private static EndpointQuery plain(EndpointQuery query) {
    return new EndpointQuery(
        DomainName.withoutDomain(query.name()),
        DomainName.withoutDomain(query.service()),
        query.labels());
  }

  private static EndpointRecord within(String domain, EndpointRecord found) {
    return found.withName(found.localName() + "@" + domain);
  }

  private record Within(String domain, Listener listener) implements Listener {

    @Override
    public void onPresent(EndpointRecord endpoint) {
      listener.onPresent(within(domain, endpoint));
    }

    @Override
    public void onGone(EndpointRecord endpoint) {
      listener.onGone(within(domain, endpoint));
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
