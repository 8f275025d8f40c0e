package io.vl3.nse;

import io.vl3.connection.TokenSource;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.net.DomainName;
import io.vl3.registry.PeerIdentity;
import io.vl3.registry.Registry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The NSMs that an NSE is part of: one that it calls its own, and further ones, whose endpoints
 * look like those of a domain. One and the same peer found in several is one.
 *
 * @param own where plain names are looked for
 * @param further by the domain that stands for each
 */
record Edges(NsmEdge own, Map<String, NsmEdge> further) {

  Edges {
    further = new LinkedHashMap<>(further);
  }

  /** The registries as one. */
  Registry registry() {
    Map<String, Registry> others = new LinkedHashMap<>();
    further.forEach((domain, edge) -> others.put(domain, edge.registry()));
    return others.isEmpty() ? own.registry() : new JoinedRegistry(own.registry(), others);
  }

  /** Domains in which peers are looked for besides. */
  List<String> domains() {
    return List.copyOf(further.keySet());
  }

  TokenSource tokens(String name) {
    return own.tokens(name);
  }

  /** Where only one NSM proves identities, that one's count. */
  PeerIdentity identity() {
    List<PeerIdentity> all = all().stream().map(NsmEdge::peerIdentity).toList();
    return all.size() == 1
        ? all.get(0)
        : segment -> all.stream().flatMap(one -> one.of(segment).stream()).findFirst();
  }

  /** The server chain behind what receives requests. */
  EndpointChain receiving(String name, EndpointChain chain) {
    List<Endpoint> elements = new ArrayList<>();
    all().forEach(edge -> elements.addAll(edge.receiving()));
    elements.add(chain);
    return EndpointChain.of(name, elements);
  }

  /** A chain for each, which calls its endpoints; the own one's first. */
  List<EndpointChain> dialling(Function<NseParts.Manager, EndpointChain> chainTo) {
    List<EndpointChain> chains = new ArrayList<>();
    chains.add(chainTo.apply(new NseParts.Manager(own.networkService(), own.monitor())));
    further.forEach(
        (domain, edge) ->
            chains.add(
                chainTo.apply(
                    new NseParts.Manager(
                        new LeaveDomain(domain, edge.networkService()), edge.monitor()))));
    return chains;
  }

  /** The chains of {@link #dialling} as one: a request takes that of its endpoint's domain. */
  Endpoint byDomain(List<EndpointChain> chains) {
    Map<String, EndpointChain> others = new LinkedHashMap<>();
    List<String> domains = domains();
    for (int i = 0; i < domains.size(); i++) {
      others.put(domains.get(i), chains.get(i + 1));
    }
    return others.isEmpty() ? chains.get(0) : new ChooseDomain(chains.get(0), others);
  }

  /** Serves at all of them, or at none. */
  List<NsePresence> serve(EndpointRunner runner, NseOffer offer) throws EndpointException {
    List<NsePresence> served = new ArrayList<>();
    try {
      for (NsmEdge edge : all()) {
        served.add(edge.serve(runner, offer));
      }
      return served;
    } catch (EndpointException | RuntimeException failure) {
      served.forEach(NsePresence::withdraw);
      served.forEach(NsePresence::close);
      throw failure;
    }
  }

  private List<NsmEdge> all() {
    List<NsmEdge> all = new ArrayList<>();
    all.add(own);
    all.addAll(further.values());
    return all;
  }

  /** The domain of a name, if it has one of these. */
  static Optional<String> domainOf(String name, Map<String, ?> domains) {
    return Optional.of(DomainName.parse(name).domain()).filter(domains::containsKey);
  }
}
