package io.vl3.registry;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The peers known at one moment. Immutable; asking it does no I/O.
 *
 * @param byName registrations by name without domain, sorted
 * @param complete whether every searched domain has told all that was there at the start
 */
public record KnownPeers(Map<String, EndpointRecord> byName, boolean complete) {

  /** Before anything is known. */
  public static final KnownPeers NONE = new KnownPeers(Map.of(), false);

  /** Copies the map. */
  public KnownPeers {
    byName = Collections.unmodifiableMap(new TreeMap<>(byName));
  }

  /** The registrations, sorted by name. */
  public Collection<EndpointRecord> all() {
    return byName.values();
  }

  /** The registration of a name; {@code @domain} does not matter. */
  public Optional<EndpointRecord> find(String name) {
    return Optional.ofNullable(byName.get(PeerSearch.withoutDomain(name)));
  }
}
