package io.vl3.nsm.legacy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Endpoints by the names that the registry gave them, and by those that they have here. The two
 * differ only for one of ours that is registered elsewhere too, under a name of its own. As many
 * are kept as the last search of each service found. Thread-safe.
 */
final class EndpointNames {

  private final ConcurrentMap<String, List<Found>> byService = new ConcurrentHashMap<>();
  private volatile Optional<Found> own = Optional.empty();

  /**
   * An endpoint.
   *
   * @param registered the name that the registry gave it
   * @param shown its name here, without domain
   * @param service the network service that it offers
   * @param manager the name of its manager
   * @param ours whether it says which run it is, as the original's do not
   */
  record Found(String registered, String shown, String service, String manager, boolean ours) {}

  /** What a search of a service has found, in place of what was found before. */
  void found(String service, List<Found> endpoints) {
    byService.put(service, List.copyOf(endpoints));
  }

  /** Our own registration, as last granted. */
  void own(Found registration) {
    own = Optional.of(registration);
  }

  /** Our own registration, as last granted. */
  Optional<Found> own() {
    return own;
  }

  /** An endpoint of a service, {@code service@domain} in another domain, by its name here. */
  Optional<Found> find(String service, String shown) {
    return byService.getOrDefault(service, List.of()).stream()
        .filter(endpoint -> endpoint.shown().equals(shown))
        .findFirst();
  }

  /** The name here of a registered one; of one that is not known, the same. */
  String shown(String registered) {
    return all(registered).map(Found::shown).orElse(registered);
  }

  private Optional<Found> all(String registered) {
    return byService.values().stream()
        .flatMap(List::stream)
        .filter(endpoint -> endpoint.registered().equals(registered))
        .findFirst();
  }
}
