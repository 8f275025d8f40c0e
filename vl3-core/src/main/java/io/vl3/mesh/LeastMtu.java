package io.vl3.mesh;

import io.vl3.connection.ConnectionId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The MTUs of an endpoint's links, of which every workload is told the least and every peer the
 * least of the workloads'. An MTU that came from a peer is not passed on to peers: in a full mesh
 * each learns it from the endpoint that it concerns, and what rises again does not live on as an
 * echo.
 *
 * <p>Nobody makes others go below the floor: a workload that asks for less is refused, and a peer
 * whose path carries less is told so alone. Thread-safe; empties as links close.
 */
public final class LeastMtu {

  /** The floor unless another is given: what every link must carry for IPv6 (RFC 8200, 5). */
  public static final int USUAL_FLOOR_BYTES = 1280;

  private static final int LEAST_FLOOR_BYTES = 68; // RFC 791: what every router must carry whole
  private static final int MOST_BYTES = 65_535;

  private final int floorBytes;

  /** Guards the links; for memory work only. */
  private final Object lock = new Object();

  private final Map<ConnectionId, Link> links = new LinkedHashMap<>();

  /** The limits of all links, and of workloads' alone; sorted, with how many have each. */
  private final SortedMap<Integer, Integer> all = new TreeMap<>();

  private final SortedMap<Integer, Integer> workloads = new TreeMap<>();

  /** No links yet, and the usual floor. */
  public LeastMtu() {
    this(USUAL_FLOOR_BYTES);
  }

  /**
   * No links yet.
   *
   * @param floorBytes what nobody is made to go below, 68 to 65535
   */
  public LeastMtu(int floorBytes) {
    if (floorBytes < LEAST_FLOOR_BYTES || floorBytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "floorBytes: %d (expected: %d..%d)".formatted(floorBytes, LEAST_FLOOR_BYTES, MOST_BYTES));
    }
    this.floorBytes = floorBytes;
  }

  /** The MTU that nobody is made to go below, in bytes. */
  public int floorBytes() {
    return floorBytes;
  }

  /** How many links are known, those without a limit included. */
  public int size() {
    synchronized (lock) {
      return links.size();
    }
  }

  /**
   * What a link is told, beside its own limit: the least of the others that concern it; 0: none.
   */
  int beside(ConnectionId id, boolean peer) {
    synchronized (lock) {
      int own =
          Optional.ofNullable(links.get(id))
              .filter(link -> !peer || !link.peer)
              .map(Link::limit)
              .orElse(0);
      return beside(own, peer);
    }
  }

  /**
   * Notes a link.
   *
   * @param asked its own limit in bytes; 0: none; for others one below the floor counts as the
   *     floor
   * @return the links whose answer has changed, to be asked to ask anew
   */
  List<Runnable> put(ConnectionId id, boolean peer, int asked, Runnable tell) {
    int limit = asked == 0 ? 0 : Math.max(asked, floorBytes);
    synchronized (lock) {
      List<Integer> before = decisive();
      count(links.remove(id), -1);
      int told = least(limit, beside(0, peer));
      Link link = new Link(peer, limit, told, tell);
      links.put(id, link);
      count(link, 1);
      return changed(before, id);
    }
  }

  /** Forgets a link; answers the links whose answer has changed. */
  List<Runnable> remove(ConnectionId id) {
    synchronized (lock) {
      List<Integer> before = decisive();
      count(links.remove(id), -1);
      return changed(before, id);
    }
  }

  private List<Runnable> changed(List<Integer> before, ConnectionId by) {
    List<Runnable> told = new ArrayList<>();
    if (!decisive().equals(before)) {
      links.forEach(
          (id, link) -> {
            int now = least(link.limit, beside(link.peer ? 0 : link.limit, link.peer));
            if (!id.equals(by) && now != link.told) {
              told.add(link.tell);
            }
          });
    }
    return told;
  }

  /** A link's answer depends on these alone: the link with the least MTU is told the second. */
  private List<Integer> decisive() {
    return List.of(nth(all, 0), nth(all, 1), nth(workloads, 0), nth(workloads, 1));
  }

  /** The least of the limits that concern a link, without its own if that is among them. */
  private int beside(int own, boolean peer) {
    SortedMap<Integer, Integer> limits = peer ? workloads : all;
    return own != 0 && own == nth(limits, 0) ? nth(limits, 1) : nth(limits, 0);
  }

  private static int nth(SortedMap<Integer, Integer> limits, int n) {
    int left = n;
    for (Map.Entry<Integer, Integer> entry : limits.entrySet()) {
      if (left < entry.getValue()) {
        return entry.getKey();
      }
      left -= entry.getValue();
    }
    return 0;
  }

  private void count(@Nullable Link link, int change) {
    if (link == null || link.limit == 0) {
      return;
    }
    count(all, link.limit, change);
    if (!link.peer) {
      count(workloads, link.limit, change);
    }
  }

  private static void count(SortedMap<Integer, Integer> limits, int limit, int change) {
    limits.merge(limit, change, (count, by) -> count + by == 0 ? null : count + by);
  }

  /** The lesser of two limits, of which 0 is none. */
  static int least(int one, int other) {
    return one == 0 ? other : other == 0 ? one : Math.min(one, other);
  }

  private record Link(boolean peer, int limit, int told, Runnable tell) {}
}
