package io.vl3.registry;

import java.util.Map;

/**
 * Which endpoints are looked for; empty parts match anything.
 *
 * @param name the exact name
 * @param service a service that it must offer; {@code service@domain} searches another domain
 * @param labels labels that it must carry for the service
 * @param url text that its URL must contain, as the registry shows it
 */
public record EndpointQuery(String name, String service, Map<String, String> labels, String url) {

  /** Copies the labels. */
  public EndpointQuery {
    labels = Map.copyOf(labels);
  }

  /** A query for endpoints of whatever URL. */
  public EndpointQuery(String name, String service, Map<String, String> labels) {
    this(name, service, labels, "");
  }

  /** Every endpoint of a service. */
  public static EndpointQuery ofService(String service) {
    return new EndpointQuery("", service, Map.of());
  }

  /** The endpoint of a name. */
  public static EndpointQuery ofName(String name) {
    return new EndpointQuery(name, "", Map.of());
  }

  /** Whether a record is looked for, names compared as they are. */
  public boolean matches(EndpointRecord endpoint) {
    return (name.isEmpty() || name.equals(endpoint.name()))
        && (service.isEmpty() || endpoint.services().containsKey(service))
        && endpoint.url().contains(url)
        && carriesLabels(endpoint);
  }

  private boolean carriesLabels(EndpointRecord endpoint) {
    if (labels.isEmpty()) {
      return true;
    }
    return service.isEmpty()
        ? endpoint.services().values().stream().anyMatch(this::within)
        : within(endpoint.services().getOrDefault(service, Map.of()));
  }

  private boolean within(Map<String, String> carried) {
    return carried.entrySet().containsAll(labels.entrySet());
  }
}
