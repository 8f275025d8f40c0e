package io.vl3.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which endpoints are peers of ours.
 *
 * @param ownName our own name as registered, without domain: never a peer
 * @param service the network service that peers offer
 * @param labels labels that a peer must carry for the service; empty: any
 * @param remoteDomains further domains, each searched as {@code service@domain}
 */
public record PeerSearch(
    String ownName, String service, Map<String, String> labels, List<String> remoteDomains) {

  /** Copies the collections. */
  public PeerSearch {
    ownName = withoutDomain(ownName);
    labels = Map.copyOf(labels);
    remoteDomains = List.copyOf(remoteDomains);
  }

  /** Every other endpoint of a service in our own registry. */
  public static PeerSearch of(String ownName, String service) {
    return new PeerSearch(ownName, service, Map.of(), List.of());
  }

  static String withoutDomain(String name) {
    int at = name.indexOf('@');
    return at < 0 ? name : name.substring(0, at);
  }

  /** One query for our own registry, then one per domain: the order of preference. */
  List<EndpointQuery> queries() {
    List<EndpointQuery> all = new ArrayList<>();
    all.add(new EndpointQuery("", service, labels));
    remoteDomains.forEach(domain -> all.add(new EndpointQuery("", service + "@" + domain, labels)));
    return all;
  }

  /** Whether an endpoint is a peer, whatever the registry thought of the query. */
  boolean isPeer(EndpointRecord endpoint) {
    return !endpoint.localName().equals(ownName)
        && endpoint.services().entrySet().stream()
            .anyMatch(
                offered ->
                    withoutDomain(offered.getKey()).equals(service)
                        && offered.getValue().entrySet().containsAll(labels.entrySet()));
  }
}
