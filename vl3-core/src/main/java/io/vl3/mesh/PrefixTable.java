package io.vl3.mesh;

import io.vl3.connection.ConnectionId;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.IpPrefix;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * Which peer announced which prefixes, over which link. No two peers hold overlapping prefixes.
 * Thread-safe; empties as links close.
 */
public final class PrefixTable {

  private final Object lock = new Object();
  private final AnnouncedLinks links = new AnnouncedLinks();

  /**
   * What earlier registered peers announced and could not have yet, by peer name: those who held it
   * are to give way and do not get it again.
   */
  private final Map<String, PeerLink> reserved = new TreeMap<>();

  /**
   * The peers that were refused, each with the peer whose link stood in its way; they are informed
   * when that one has none any more.
   */
  private final Map<String, String> refused = new TreeMap<>();

  /** Overlaps of our own prefixes with a peer's, by peer name. */
  private final Map<String, PrefixOverlap> overlaps = new ConcurrentHashMap<>();

  /** The mesh has ended: a refused peer will not learn that it may come. */
  private boolean ended;

  private final Uplink uplink = new Uplink();
  private final BiPredicate<PeerLink, PeerLink> rivals;
  private volatile LinkListener listener = LinkListener.NONE;

  /** An empty table. */
  public PrefixTable() {
    this(PrefixTable::rivals);
  }

  /** A table that refuses others: of overlapping links those that the test calls rivals. */
  PrefixTable(BiPredicate<PeerLink, PeerLink> rivals) {
    this.rivals = rivals;
  }

  /** Each peer's announced prefixes, by peer name; a snapshot. */
  public SortedMap<String, List<IpPrefix>> announced() {
    SortedMap<String, List<IpPrefix>> byPeer = new TreeMap<>();
    synchronized (lock) {
      for (PeerLink link : links.all()) {
        byPeer.merge(link.peerName(), link.prefixes(), PrefixTable::union);
      }
    }
    return byPeer;
  }

  /** A spoke's way to the whole network. */
  Uplink uplink() {
    return uplink;
  }

  /** How many links, reservations and refusals the table holds. */
  public int size() {
    synchronized (lock) {
      return links.size() + reserved.size() + refused.size();
    }
  }

  /**
   * Why our own prefix may not be used for anything new: an earlier registered peer announced one
   * that overlaps it. Empty if all is well.
   */
  public Optional<String> dispute() {
    return overlaps().stream()
        .filter(PrefixOverlap::givesWay)
        .map(PrefixOverlap::message)
        .findFirst();
  }

  /** Overlaps of our own prefixes with peers', by peer name; a snapshot. */
  public List<PrefixOverlap> overlaps() {
    return List.copyOf(new TreeMap<>(overlaps).values());
  }

  /**
   * Notes what a peer announced over a connection, unless the peer has a link over another one:
   * then it came late, and what it announced over that link is newer.
   */
  void note(PrefixOverlap overlap, ConnectionId over) {
    boolean news;
    synchronized (lock) {
      news =
          !links.hasPeerBeside(overlap.peer(), over)
              && !overlap.equals(overlaps.put(overlap.peer(), overlap));
    }
    if (!news) {
      return;
    }
    listener.onRemembered(overlap.peer());
    if (!overlap.givesWay()) {
      listener.onOverlap(overlap.peer());
    }
  }

  /** A peer has left: neither an overlap with it nor its reservation matters any more. */
  void forget(String peer) {
    settle(peer);
    synchronized (lock) {
      reserved.remove(peer);
      refused.remove(peer);
    }
  }

  /** The mesh has ended. Links are still noted until they are closed, and nobody waits any more. */
  void end() {
    synchronized (lock) {
      ended = true;
      reserved.clear();
      refused.clear();
    }
  }

  /** Our own prefixes are others now. */
  void settleAll() {
    overlaps.clear();
  }

  void settle(String peer) {
    overlaps.remove(peer);
  }

  void listen(LinkListener changed) {
    listener = changed;
  }

  /**
   * Notes a link, in place of what was noted for the same connection. Of two peers with overlapping
   * prefixes the later registered gives way: where it came first, the earlier is still refused, but
   * finds the prefix free when it asks again.
   *
   * @return what was noted before
   * @throws EndpointException CONFLICT if a prefix overlaps another peer's; names both
   */
  Optional<PeerLink> claim(PeerLink link) throws EndpointException {
    try {
      return claimed(link);
    } catch (EndpointException refusal) {
      listener.onRemembered(link.peerName());
      throw refusal;
    }
  }

  private Optional<PeerLink> claimed(PeerLink link) throws EndpointException {
    List<PeerLink> inTheWay;
    synchronized (lock) {
      inTheWay = rivalsOf(link, links.overlapping(link.prefixes()));
      checkNotOutranked(link, inTheWay);
      // A peer that has a link again has announced something else since, or is about to.
      reserved.keySet().removeIf(links::hasPeer);
      checkNotOutranked(link, rivalsOf(link, reserved.values()));
      if (inTheWay.isEmpty()) {
        reserved.remove(link.peerName());
        refused.remove(link.peerName());
        return links.put(link);
      }
      if (!ended) {
        reserved.put(link.peerName(), link);
      }
    }
    EndpointException conflict = conflict(link, inTheWay.get(0));
    inTheWay.forEach(other -> listener.onOutranked(other, conflict.getMessage()));
    throw conflict;
  }

  /** Takes a claim back, as the request that made it failed. */
  void restore(ConnectionId id, Optional<PeerLink> before) {
    synchronized (lock) {
      links.remove(id);
      before.ifPresent(links::put);
    }
  }

  Optional<PeerLink> find(ConnectionId id) {
    synchronized (lock) {
      return links.find(id);
    }
  }

  /** The links; a snapshot. */
  List<PeerLink> links() {
    synchronized (lock) {
      return List.copyOf(links.all());
    }
  }

  /** The link of a claim stands. */
  void established(ConnectionId id) {
    find(id).ifPresent(link -> listener.onEstablished(link));
  }

  /**
   * The same, where the connection may have been another peer's: one that the registry gave another
   * name keeps its links.
   *
   * @param before what the claim answered
   */
  void established(ConnectionId id, Optional<PeerLink> before) {
    established(id);
    find(id)
        .flatMap(link -> before.filter(old -> !old.peerName().equals(link.peerName())))
        .ifPresent(listener::onClosed);
  }

  /** The link is closed: its prefixes are free. */
  void release(ConnectionId id) {
    Optional<PeerLink> released;
    List<String> waiting;
    synchronized (lock) {
      released = links.remove(id);
      waiting = released.map(this::refusedFor).orElse(List.of());
    }
    released.ifPresent(link -> listener.onClosed(link));
    waiting.forEach(listener::onFreed);
  }

  private List<String> refusedFor(PeerLink gone) {
    if (links.hasPeer(gone.peerName())) {
      return List.of();
    }
    List<String> waiting =
        refused.entrySet().stream()
            .filter(entry -> entry.getValue().equals(gone.peerName()))
            .map(Map.Entry::getKey)
            .toList();
    waiting.forEach(refused::remove);
    return waiting;
  }

  /** A standing link that we dialled could not be asked for again. */
  void refreshFailed(ConnectionId id, EndpointException why) {
    find(id).ifPresent(link -> listener.onRefreshFailed(link, why));
  }

  /** Marks a peer whose answer, over a link that we dialled, is not to be believed. */
  void refused(String peer) {
    listener.onRefused(peer);
  }

  private void checkNotOutranked(PeerLink link, List<PeerLink> others) throws EndpointException {
    for (PeerLink other : others) {
      if (Seniority.isLater(link.peer(), other.peer())) {
        if (!ended
            && !links.hasPeer(link.peerName())) { // else it is a late answer, or asked for again
          refused.put(link.peerName(), other.peerName());
        }
        throw conflict(link, other);
      }
    }
  }

  private List<PeerLink> rivalsOf(PeerLink link, Collection<PeerLink> others) {
    return others.stream()
        .filter(other -> link.overlaps(other) && rivals.test(link, other))
        .toList();
  }

  /** Whether what two links have in common is claimed by two peers. */
  private static boolean rivals(PeerLink link, PeerLink other) {
    return !other.peerName().equals(link.peerName())
        && !other.id().equals(link.id()); // a peer that the registry gave another name
  }

  private static EndpointException conflict(PeerLink link, PeerLink other) {
    return new EndpointException(
        Reason.CONFLICT,
        "announced prefix: %s of peer %s (expected: apart from %s of peer %s)"
            .formatted(link.prefixes(), link.peerName(), other.prefixes(), other.peerName()));
  }

  private static List<IpPrefix> union(Collection<IpPrefix> one, Collection<IpPrefix> other) {
    return Stream.concat(one.stream(), other.stream()).distinct().sorted().toList();
  }
}
