package io.vl3.registry;

import io.vl3.net.DomainName;
import java.time.Instant;
import java.util.HashMap;
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
 * @param owners identities that the registration came by: whose it is, then who passed it on
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
    return DomainName.withoutDomain(name);
  }

  /** The domain in whose registry it was found; empty text: our own. */
  public String domain() {
    return DomainName.parse(name).domain();
  }

  /** Which run of the endpoint this is ({@link PeerLabels#INSTANCE}), if it says so. */
  public Optional<String> instance() {
    return label(PeerLabels.INSTANCE);
  }

  /** Whether it is a hub, which everybody is linked with ({@link PeerLabels#ROLE}). */
  public boolean isHub() {
    return label(PeerLabels.ROLE).filter(PeerLabels.HUB::equals).isPresent();
  }

  /** Whether it has a registration time for each of several registries. */
  public boolean isInSeveralRegistries() {
    return label(PeerLabels.REGISTRIES).filter(PeerLabels.SEVERAL::equals).isPresent();
  }

  /** Whether it is linked with hubs only. */
  public boolean isSpoke() {
    return label(PeerLabels.ROLE).filter(PeerLabels.SPOKE::equals).isPresent();
  }

  /** A label's value, whichever service it is for. */
  Optional<String> label(String key) {
    return services.values().stream()
        .flatMap(labels -> Optional.ofNullable(labels.get(key)).stream())
        .findFirst();
  }

  /**
   * Whether two records are of one endpoint, perhaps found in two domains or over a restart: one
   * name, and one run or one first registration.
   */
  public boolean isSameEndpointAs(EndpointRecord other) {
    return localName().equals(other.localName())
        && (isEqual(instance(), other.instance()) || isEqual(registered, other.registered()));
  }

  private static <T> boolean isEqual(Optional<T> one, Optional<T> other) {
    return one.isPresent() && one.equals(other);
  }

  /** This record with one more label for every service, in place of one of that key. */
  public EndpointRecord withLabel(String key, String value) {
    Map<String, Map<String, String>> changed = new HashMap<>();
    services.forEach(
        (service, labels) -> {
          Map<String, String> more = new HashMap<>(labels);
          more.put(key, value);
          changed.put(service, Map.copyOf(more));
        });
    return new EndpointRecord(name, changed, url, expires, registered, owners);
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

  /** Whether this is the other registration, refreshed: only when it ends may differ. */
  public boolean isRefreshOf(EndpointRecord before) {
    return before.withTimes(expires, before.registered).equals(this);
  }

  /** The owner of the registration; empty where nobody proves an identity. */
  public Optional<String> owner() {
    return owners.stream().findFirst();
  }

  /** This record with its owners. */
  public EndpointRecord withOwners(List<String> changed) {
    return new EndpointRecord(name, services, url, expires, registered, changed);
  }
}
