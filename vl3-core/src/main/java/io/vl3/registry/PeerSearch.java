package io.vl3.registry;

import io.vl3.net.DomainName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Which endpoints are peers of ours.
 *
 * @param self our own registration as it is now: never a peer, in whatever domain it is found
 * @param service the network service that peers offer; {@code service@domain} if we are registered
 *     in the registry of another domain, which then is our own
 * @param labels labels that a peer must carry for the service; empty: any
 * @param remoteDomains further domains, each searched as {@code service@domain}
 */
public record PeerSearch(
    Supplier<EndpointRecord> self,
    String service,
    Map<String, String> labels,
    List<String> remoteDomains) {

  /** Copies the labels and the domains. */
  public PeerSearch {
    labels = Map.copyOf(labels);
    remoteDomains = remoteDomains.stream().distinct().toList();
  }

  /** Every other endpoint of a service in our own registry. */
  public static PeerSearch of(String ownName, String service) {
    EndpointRecord self = EndpointRecord.of(ownName, service, Map.of(), "");
    return new PeerSearch(() -> self, service, Map.of(), List.of());
  }

  /** One query for our own registry, then one per domain: the order of preference. */
  List<EndpointQuery> queries() {
    Map<String, String> wanted = wanted();
    List<EndpointQuery> all = new ArrayList<>();
    all.add(new EndpointQuery("", service, wanted));
    remoteDomains.stream()
        .map(this::serviceOf)
        .filter(there -> !there.equals(service))
        .forEach(there -> all.add(new EndpointQuery("", there, wanted)));
    return all;
  }

  /** The service as it is asked for in a domain. */
  public String serviceOf(String domain) {
    return DomainName.withoutDomain(service) + (domain.isEmpty() ? "" : "@" + domain);
  }

  /** Of ten thousand endpoints a spoke is told of the hubs only. */
  private Map<String, String> wanted() {
    Map<String, String> wanted = new HashMap<>(labels);
    if (self.get().isSpoke()) {
      wanted.put(PeerLabels.ROLE, PeerLabels.HUB);
    }
    return wanted;
  }

  /** Whether an endpoint is a peer, whatever the registry thought of the query. */
  boolean isPeer(EndpointRecord endpoint) {
    Map<String, String> wanted = wanted();
    return !isSelf(endpoint)
        && endpoint.services().entrySet().stream()
            .anyMatch(
                offered ->
                    DomainName.withoutDomain(offered.getKey())
                            .equals(DomainName.withoutDomain(service))
                        && offered.getValue().entrySet().containsAll(wanted.entrySet()));
  }

  /**
   * In our own registry the name decides, as it is unique there. In another domain it may be a
   * namesake's: then run and first registration tell us apart, where we know our own.
   */
  private boolean isSelf(EndpointRecord found) {
    EndpointRecord own = self.get();
    if (!found.localName().equals(own.localName())) {
      return false;
    }
    boolean ofOurRegistry = found.name().equals(own.name());
    boolean unknown = own.instance().isEmpty() && own.registered().isEmpty();
    return ofOurRegistry || unknown || found.isSameEndpointAs(own);
  }
}
