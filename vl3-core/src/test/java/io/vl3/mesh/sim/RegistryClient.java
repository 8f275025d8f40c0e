package io.vl3.mesh.sim;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.FakeDomains;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.Registry;
import java.util.List;
import java.util.Optional;

/** The registries as one process sees them, over the network. */
final class RegistryClient implements Registry {

  private final World world;
  private final Node node;
  private final Run run;

  RegistryClient(World world, Node node, Run run) {
    this.world = world;
    this.node = node;
    this.run = run;
  }

  @Override
  public EndpointRecord register(EndpointRecord endpoint) throws EndpointException {
    travel();
    EndpointRecord granted = node.domain.registry().register(endpoint);
    travel();
    return granted;
  }

  @Override
  public void unregister(EndpointRecord endpoint) throws EndpointException {
    travel();
    node.domain.registry().unregister(endpoint);
  }

  @Override
  public List<EndpointRecord> find(EndpointQuery query) throws EndpointException {
    throw new UnsupportedOperationException("find: not simulated");
  }

  @Override
  public Subscription watch(EndpointQuery query, Listener listener) {
    int at = query.service().indexOf('@');
    Node.Domain domain = at < 0 ? node.domain : world.domain(query.service().substring(at + 1));
    EndpointQuery there =
        at < 0
            ? query
            : new EndpointQuery(
                query.name(), query.service().substring(0, at), query.labels(), query.url());
    Listener named = at < 0 ? listener : new FakeDomains.Renaming(domain.name(), listener);
    return domain.registry().watch(there, new Line(domain, world.stream(run)), named);
  }

  @Override
  public NetworkServiceRecord registerService(NetworkServiceRecord service) {
    return service;
  }

  @Override
  public Optional<NetworkServiceRecord> findService(String name) {
    return Optional.empty();
  }

  @Override
  public void unregisterService(String name) {}

  private void travel() throws EndpointException {
    world.scheduler().sleep(world.network().latency(node.place, node.domain.place()));
    if (node.domain.registry().isAway() || !world.network().reaches(node.place, place())) {
      throw new EndpointException(Reason.UNAVAILABLE, "registry: away");
    }
  }

  private String place() {
    return node.domain.place();
  }

  /** The way to a registry. */
  private final class Line implements SimulatedLink {

    private final Node.Domain domain;
    private final Deliveries deliveries;

    Line(Node.Domain domain, Deliveries deliveries) {
      this.domain = domain;
      this.deliveries = deliveries;
    }

    @Override
    public boolean isUp() {
      return world.network().reaches(node.place, domain.place());
    }

    @Override
    public long latency() {
      return world.network().latency(node.place, domain.place());
    }

    @Override
    public Deliveries deliveries() {
      return deliveries;
    }

    @Override
    public EndpointException broken() {
      return new EndpointException(Reason.UNAVAILABLE, "registry: stream broken");
    }
  }
}
