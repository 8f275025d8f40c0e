package io.vl3.nsm.manager;

import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.NetworkServiceRecord.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which endpoints of a service may serve a request, by the service's matches (NSM v1). */
final class ServiceMatcher {

  private ServiceMatcher() {}

  /**
   * Those of the endpoints that may serve a request with the labels; one that fits two destinations
   * of a match is there twice.
   */
  static List<EndpointRecord> fitting(
      NetworkServiceRecord service, List<EndpointRecord> endpoints, Map<String, String> labels) {
    if (service.matches().isEmpty()) {
      return endpoints;
    }
    for (Match match : service.matches()) {
      if (carries(labels, match.sourceSelector(), labels)) {
        List<EndpointRecord> found = candidates(match, service.name(), endpoints, labels);
        if (!found.isEmpty() || !match.fallThrough()) {
          return found.isEmpty() && isForAll(match) ? endpoints : found;
        }
      }
    }
    return List.of();
  }

  private static boolean isForAll(Match match) {
    return match.metadata().isPresent() && match.destinationSelectors().isEmpty();
  }

  private static List<EndpointRecord> candidates(
      Match match, String service, List<EndpointRecord> endpoints, Map<String, String> labels) {
    List<EndpointRecord> found = new ArrayList<>();
    for (Map<String, String> selector : match.destinationSelectors()) {
      endpoints.stream()
          .filter(endpoint -> carries(carried(endpoint, service), selector, labels))
          .forEach(found::add);
    }
    return found;
  }

  private static Map<String, String> carried(EndpointRecord endpoint, String service) {
    return Optional.ofNullable(endpoint.services().get(service)).orElse(Map.of());
  }

  /**
   * A missing label is an empty one; but who has fewer labels than the selector asks for is not
   * looked at, as in the reference.
   */
  private static boolean carries(
      Map<String, String> carried, Map<String, String> selector, Map<String, String> labels) {
    return carried.size() >= selector.size()
        && selector.entrySet().stream()
            .allMatch(
                wanted -> {
                  String value = carried.getOrDefault(wanted.getKey(), "");
                  return value.equals(wanted.getValue())
                      || value.equals(LabelTemplate.fill(wanted.getValue(), labels));
                });
  }
}
