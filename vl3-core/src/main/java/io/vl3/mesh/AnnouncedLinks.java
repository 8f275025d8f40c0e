package io.vl3.mesh;

import io.vl3.connection.ConnectionId;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Links with what peers announced over them, found by connection, by peer and by overlap. No search
 * looks at all of them: in a mesh of n endpoints each is asked n times. Not thread-safe.
 */
final class AnnouncedLinks {

  private final Map<ConnectionId, PeerLink> byId = new HashMap<>();

  /** How many links each peer has. */
  private final Map<String, Integer> perPeer = new HashMap<>();

  private final NavigableMap<IpPrefix, List<PeerLink>> byPrefix = new TreeMap<>();

  int size() {
    return byId.size();
  }

  Collection<PeerLink> all() {
    return byId.values();
  }

  Optional<PeerLink> find(ConnectionId id) {
    return Optional.ofNullable(byId.get(id));
  }

  boolean hasPeer(String name) {
    return perPeer.containsKey(name);
  }

  /** Whether a peer has another link than that of a connection. */
  boolean hasPeerBeside(String name, ConnectionId id) {
    boolean isIts = find(id).filter(link -> link.peerName().equals(name)).isPresent();
    return perPeer.getOrDefault(name, 0) > (isIts ? 1 : 0);
  }

  /** Notes a link; answers what was noted for its connection before. */
  Optional<PeerLink> put(PeerLink link) {
    Optional<PeerLink> before = remove(link.id());
    byId.put(link.id(), link);
    perPeer.merge(link.peerName(), 1, Integer::sum);
    for (IpPrefix prefix : link.prefixes()) {
      byPrefix.computeIfAbsent(prefix, p -> new ArrayList<>(1)).add(link);
    }
    return before;
  }

  Optional<PeerLink> remove(ConnectionId id) {
    Optional<PeerLink> removed = Optional.ofNullable(byId.remove(id));
    removed.ifPresent(this::unindex);
    return removed;
  }

  private void unindex(PeerLink link) {
    perPeer.computeIfPresent(link.peerName(), (peer, links) -> links == 1 ? null : links - 1);
    for (IpPrefix prefix : link.prefixes()) {
      byPrefix.computeIfPresent(
          prefix,
          (p, links) -> {
            links.remove(link);
            return links.isEmpty() ? null : links;
          });
    }
  }

  /** The links over which something was announced that overlaps one of these prefixes. */
  Set<PeerLink> overlapping(Collection<IpPrefix> prefixes) {
    Set<PeerLink> found = new LinkedHashSet<>();
    for (IpPrefix prefix : prefixes) {
      for (int length = 0; length < prefix.length(); length++) {
        IpPrefix around = IpPrefix.containing(prefix.first(), length);
        found.addAll(byPrefix.getOrDefault(around, List.of()));
      }
      inside(prefix).forEach(found::addAll);
    }
    return found;
  }

  /**
   * The announcements within a prefix, itself included: in order they stand up to its last address.
   */
  private Collection<List<PeerLink>> inside(IpPrefix prefix) {
    return byPrefix.subMap(prefix, true, prefix.last().toPrefix(), true).values();
  }
}
