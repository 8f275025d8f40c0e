package io.vl3.registry;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The peers known now, by registered name: {@code name}, or {@code name@domain} of another domain.
 * Asking does no I/O and costs the same however many there are. Thread-safe.
 */
public interface KnownPeers {

  /** Before anything is known. */
  KnownPeers NONE = of(List.of(), false);

  /** The registrations, sorted by name. */
  Collection<EndpointRecord> all();

  /** The registered names, sorted. */
  Set<String> names();

  /** The registration of a name as registered, with its domain. */
  Optional<EndpointRecord> find(String name);

  /** The registrations of a name without domain: one per domain that has such an endpoint. */
  List<EndpointRecord> namesakes(String localName);

  /** Whether every searched domain has shown all that was there at the start. */
  boolean complete();

  /** Peers that do not change. */
  static KnownPeers of(Collection<EndpointRecord> peers, boolean complete) {
    SortedMap<String, EndpointRecord> byName = new TreeMap<>();
    peers.forEach(peer -> byName.put(peer.name(), peer));
    return new PeersByName(byName, () -> complete);
  }
}
