package io.vl3.nsm.manager;

import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.NetworkServiceRecord.Match;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which endpoints of a service may serve a request, by the service's matches (NSM v1). */
final class ServiceMatcher {

  private static final Pattern TEMPLATE = Pattern.compile("\\{\\{\\s*\\.([^\\s{}]+)\\s*}}");

  private ServiceMatcher() {}

  /** Those of the endpoints that may serve a request with the labels. */
  static List<EndpointRecord> fitting(
      NetworkServiceRecord service, List<EndpointRecord> endpoints, Map<String, String> labels) {
    if (service.matches().isEmpty()) {
      return endpoints;
    }
    for (Match match : service.matches()) {
      if (labels.entrySet().containsAll(match.sourceSelector().entrySet())) {
        List<EndpointRecord> found =
            endpoints.stream().filter(e -> fits(match, service.name(), e, labels)).toList();
        if (!found.isEmpty() || !match.fallThrough()) {
          return found;
        }
      }
    }
    return List.of();
  }

  private static boolean fits(
      Match match, String service, EndpointRecord endpoint, Map<String, String> labels) {
    Map<String, String> carried =
        Optional.ofNullable(endpoint.services().get(service)).orElse(Map.of());
    return match.destinationSelectors().isEmpty()
        || match.destinationSelectors().stream().anyMatch(s -> carries(carried, s, labels));
  }

  private static boolean carries(
      Map<String, String> carried, Map<String, String> selector, Map<String, String> labels) {
    return selector.entrySet().stream()
        .allMatch(wanted -> fill(wanted.getValue(), labels).equals(carried.get(wanted.getKey())));
  }

  /** A template over a label that the request lacks matches nothing, as in the reference. */
  private static String fill(String template, Map<String, String> labels) {
    return TEMPLATE
        .matcher(template)
        .replaceAll(
            found -> Matcher.quoteReplacement(labels.getOrDefault(found.group(1), "<no value>")));
  }
}
