package io.vl3.registry;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network service endpoint as a registry knows it (NSM v1, {@code
 * registry.NetworkServiceEndpoint}).
 *
 * @param name unique in its registry; {@code name@domain} when found in another domain
 * @param services the network services that it offers, each with the endpoint's labels there
 * @param url where it is reached: {@code unix:///PATH} or {@code tcp://HOST:PORT}
 * @param expires when the registration ends unless refreshed
 * @param registered when it was first registered; kept over refreshes
 * @param owners identities that the registration belongs to
 */
public record EndpointRecord(
    String name,
    Map<String, Map<String, String>> services,
    String url,
    Optional<Instant> expires,
    Optional<Instant> registered,
    List<String> owners) {

  /** Copies the collections. */
  public EndpointRecord {
    services = Map.copyOf(services);
    owners = List.copyOf(owners);
  }

  /** An endpoint before its registration. */
  public static EndpointRecord of(
      String name, String service, Map<String, String> labels, String url) {
    return new EndpointRecord(
        name,
        Map.of(service, Map.copyOf(labels)),
        url,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** The name without {@code @domain}. */
  public String localName() {
    int at = name.indexOf('@');
    return at < 0 ? name : name.substring(0, at);
  }

  /** This record under another name. */
  public EndpointRecord withName(String changed) {
    return new EndpointRecord(changed, services, url, expires, registered, owners);
  }

  /** This record at another place. */
  public EndpointRecord withUrl(String changed) {
    return new EndpointRecord(name, services, changed, expires, registered, owners);
  }

  /** This record with its times. */
  public EndpointRecord withTimes(Optional<Instant> expiry, Optional<Instant> firstRegistered) {
    return new EndpointRecord(name, services, url, expiry, firstRegistered, owners);
  }

  /** This record with its owners. */
  public EndpointRecord withOwners(List<String> changed) {
    return new EndpointRecord(name, services, url, expires, registered, changed);
  }
}
