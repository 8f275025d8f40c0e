package io.vl3.mesh;

import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.Reason;
import io.vl3.net.IpPrefix;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Which peer announced which prefixes, over which link. No two peers hold overlapping prefixes.
 * Thread-safe; empties as links close.
 */
public final class PrefixTable {

  private final Object lock = new Object();
  private final Map<ConnectionId, PeerLink> links = new TreeMap<>(PrefixTable::byText);

  /** Who disputes our own prefix, with the message for those who are refused for it. */
  private final Map<String, String> disputes = new ConcurrentHashMap<>();

  private volatile Listener listener = Listener.NONE;

  /** What each peer announced, by peer name; a snapshot. */
  public SortedMap<String, List<IpPrefix>> announced() {
    SortedMap<String, List<IpPrefix>> byPeer = new TreeMap<>();
    synchronized (lock) {
      for (PeerLink link : links.values()) {
        byPeer.merge(link.peerName(), link.prefixes(), PrefixTable::union);
      }
    }
    return byPeer;
  }

  /** How many links the table holds. */
  public int size() {
    synchronized (lock) {
      return links.size();
    }
  }

  /**
   * Why our own prefix may not be used for anything new: an earlier registered peer announced one
   * that overlaps it. Empty if all is well.
   */
  public Optional<String> dispute() {
    return disputes.values().stream().min(String::compareTo);
  }

  void dispute(String peer, String message) {
    disputes.put(peer, message);
  }

  void settle(String peer) {
    disputes.remove(peer);
  }

  void listen(Listener changed) {
    listener = changed;
  }

  /**
   * Notes a link, in place of what was noted for the same connection.
   *
   * @return what was noted before
   * @throws EndpointException CONFLICT if a prefix overlaps another peer's; names both
   */
  Optional<PeerLink> claim(PeerLink link) throws EndpointException {
    synchronized (lock) {
      for (PeerLink other : links.values()) {
        if (!other.peerName().equals(link.peerName())) {
          checkApart(link, other);
        }
      }
      return Optional.ofNullable(links.put(link.id(), link));
    }
  }

  /** Takes a claim back, as the request that made it failed. */
  void restore(ConnectionId id, Optional<PeerLink> before) {
    synchronized (lock) {
      links.remove(id);
      before.ifPresent(link -> links.put(id, link));
    }
  }

  Optional<PeerLink> find(ConnectionId id) {
    synchronized (lock) {
      return Optional.ofNullable(links.get(id));
    }
  }

  /** The link of a claim stands. */
  void established(ConnectionId id) {
    find(id).ifPresent(link -> listener.onEstablished(link));
  }

  /** The link is closed: its prefixes are free. */
  void release(ConnectionId id) {
    Optional<PeerLink> released;
    synchronized (lock) {
      released = Optional.ofNullable(links.remove(id));
    }
    released.ifPresent(link -> listener.onClosed(link));
  }

  /** What a peer answered over a link that we dialled is not to be believed. */
  void refused(String peer) {
    listener.onRefused(peer);
  }

  private static void checkApart(PeerLink link, PeerLink other) throws EndpointException {
    for (IpPrefix prefix : link.prefixes()) {
      for (IpPrefix taken : other.prefixes()) {
        if (prefix.overlaps(taken)) {
          throw new EndpointException(
              Reason.CONFLICT,
              "announced prefix: %s of peer %s (expected: apart from %s of peer %s)"
                  .formatted(prefix, link.peerName(), taken, other.peerName()));
        }
      }
    }
  }

  private static List<IpPrefix> union(Collection<IpPrefix> one, Collection<IpPrefix> other) {
    return Stream.concat(one.stream(), other.stream()).distinct().sorted().toList();
  }

  private static int byText(ConnectionId one, ConnectionId other) {
    return one.value().compareTo(other.value());
  }

  /** Who is told of links; called without the table's lock, from the connection's lane. */
  interface Listener {

    Listener NONE =
        new Listener() {
          @Override
          public void onEstablished(PeerLink link) {}

          @Override
          public void onClosed(PeerLink link) {}

          @Override
          public void onRefused(String peer) {}
        };

    void onEstablished(PeerLink link);

    void onClosed(PeerLink link);

    void onRefused(String peer);
  }
}
