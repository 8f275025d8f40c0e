package io.vl3.mesh;

import io.vl3.net.IpPrefix;
import io.vl3.registry.EndpointRecord;
import java.util.List;
import java.util.function.Supplier;

/**
 * The layer-3 network that an endpoint is part of, as everything in this package must agree on it.
 *
 * @param self our own registration; its name and first registration time decide who dials
 * @param ownPrefixes the prefixes that we own; empty while there is none yet; must not block
 * @param pools what the whole network lies in: the workloads' routes, and what peers may announce
 * @param routes further destinations told to workloads
 */
public record Vl3Network(
    Supplier<EndpointRecord> self,
    Supplier<List<IpPrefix>> ownPrefixes,
    List<IpPrefix> pools,
    List<IpPrefix> routes) {

  /** Copies the lists. */
  public Vl3Network {
    pools = List.copyOf(pools);
    routes = List.copyOf(routes);
  }

  /** Our own name without domain. */
  String ownName() {
    return self.get().localName();
  }
}
