package io.vl3.nsm.legacy;

import io.vl3.api.nsm02.registry.NetworkServiceEndpoint;
import io.vl3.net.DomainName;
import io.vl3.nsm.legacy.EndpointNames.Found;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.PeerLabels;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Registrations of the 0.2 API in the domain's terms. Neither ages nor owners are known there. */
final class FoundEndpoints {

  private FoundEndpoints() {}

  /**
   * The endpoints that a search has found.
   *
   * @param service what was searched: {@code service@domain} in another domain, whose endpoints are
   *     named by the domain too
   */
  static List<EndpointRecord> records(List<NetworkServiceEndpoint> found, String service) {
    String domain = DomainName.parse(service).domain();
    return found.stream().map(one -> record(one, service, domain)).toList();
  }

  private static EndpointRecord record(
      NetworkServiceEndpoint found, String service, String domain) {
    return new EndpointRecord(
        new DomainName(found(found).shown(), domain).toString(),
        Map.of(service, LegacyLabels.read(found.getLabelsMap())),
        "",
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** By which names an endpoint goes. */
  static Found found(NetworkServiceEndpoint endpoint) {
    Map<String, String> labels = endpoint.getLabelsMap();
    String shown = labels.getOrDefault(LegacyLabels.NAME, "");
    return new Found(
        endpoint.getName(),
        shown.isBlank() ? endpoint.getName() : shown,
        endpoint.getNetworkServiceName(),
        endpoint.getNetworkServiceManagerName(),
        LegacyLabels.read(labels).containsKey(PeerLabels.INSTANCE));
  }
}
