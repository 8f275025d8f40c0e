package io.vl3.endpoint.element;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.ConnectionWeight;
import io.vl3.connection.MonitorSelector;
import io.vl3.internal.memory.SharedMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The established connections of one component as others may watch them, with our own id and path
 * index. Each watcher has a queue that is bounded in events and, with all others, in bytes: one
 * that is too slow is ended and has to subscribe again.
 *
 * <p>Thread-safe. Listeners are called on the executor, each by one thread at a time.
 */
public final class ConnectionBoard implements ConnectionMonitor {

  /** The part of the heap that waiting events may take: one in 8. */
  private static final int HEAP_PARTS = 8;

  private final Executor executor;
  private final int queueLimit;

  /** Its lock is taken inside of those of the board and its watchers. */
  private final SharedMemory queued;

  /** Guards all below; memory work only. Watchers have locks of their own, taken inside of it. */
  private final Object lock = new Object();

  private final PostedConnections posted = new PostedConnections();

  /** Watchers by the first path segment id that they ask for; by empty text if by none. */
  private final Map<String, Set<Watcher>> watchers = new HashMap<>();

  /**
   * An empty board.
   *
   * @param executor where listeners are called
   * @param queueLimit how many events a watcher may be behind; at least 1
   */
  public ConnectionBoard(Executor executor, int queueLimit) {
    this(executor, queueLimit, ofHeap());
  }

  /** One watcher alone may use all of it: there may be many events at once, and seldom are. */
  private static SharedMemory ofHeap() {
    long most = Runtime.getRuntime().maxMemory() / HEAP_PARTS;
    return new SharedMemory(most, most);
  }

  /**
   * An empty board.
   *
   * @param queued the most that waiting events may take
   */
  ConnectionBoard(Executor executor, int queueLimit, SharedMemory queued) {
    if (queueLimit < 1) {
      throw new IllegalArgumentException("queueLimit: " + queueLimit + " (expected: 1 or more)");
    }
    this.executor = executor;
    this.queueLimit = queueLimit;
    this.queued = queued;
  }

  @Override
  public Subscription monitor(MonitorSelector selector, Listener listener) {
    return watch(selector, Optional.empty(), listener);
  }

  /** Starts to watch, but only connections that the caller made. */
  public Subscription monitor(MonitorSelector selector, Caller owner, Listener listener) {
    return watch(selector, Optional.of(owner), listener);
  }

  /** Posts a connection; watchers are notified unless nothing but tokens changed. */
  public void post(Connection connection, Caller owner) {
    List<Watcher> told;
    synchronized (lock) {
      Posted now = new Posted(connection.withoutProofs(), owner);
      if (posted.put(now).filter(now::isLike).isPresent()) {
        return;
      }
      told = tell(ConnectionEvent.Type.UPDATE, now);
    }
    told.forEach(Watcher::deliver);
  }

  /** Takes a connection off the board; no event if it is not there. */
  public void remove(ConnectionId id) {
    List<Watcher> told;
    synchronized (lock) {
      told =
          posted.remove(id).map(gone -> tell(ConnectionEvent.Type.DELETE, gone)).orElse(List.of());
    }
    told.forEach(Watcher::deliver);
  }

  /**
   * Tells that a connection is in another state: DOWN, or REFRESH_REQUESTED. It stays so until
   * posted again.
   *
   * @return whether there is such a connection
   */
  public boolean publishState(ConnectionId id, ConnectionState state) {
    List<Watcher> told;
    synchronized (lock) {
      Optional<Posted> now = posted.find(id).map(before -> before.withState(state));
      now.ifPresent(posted::put);
      if (now.isEmpty()) {
        return false;
      }
      told = tell(ConnectionEvent.Type.UPDATE, now.get());
    }
    told.forEach(Watcher::deliver);
    return true;
  }

  /** How many connections are posted. */
  public int size() {
    synchronized (lock) {
      return posted.size();
    }
  }

  /** How many watch. */
  public int watchers() {
    synchronized (lock) {
      return watchers.values().stream().mapToInt(Set::size).sum();
    }
  }

  private Subscription watch(MonitorSelector selector, Optional<Caller> owner, Listener listener) {
    Watcher watcher = new Watcher(selector, owner, listener, executor, queueLimit, queued);
    synchronized (lock) {
      watchers.computeIfAbsent(watcher.firstId(), id -> new LinkedHashSet<>()).add(watcher);
      List<Connection> matching =
          posted.passing(watcher.firstId()).stream()
              .filter(watcher::wants)
              .map(Posted::connection)
              .toList();
      // These are kept here anyway.
      watcher.offer(new ConnectionEvent(ConnectionEvent.Type.INITIAL_STATE_TRANSFER, matching), 0);
    }
    watcher.deliver();
    return () -> end(watcher);
  }

  private void end(Watcher watcher) {
    watcher.end();
    synchronized (lock) {
      forget(watcher);
    }
  }

  /** Queues an event for whom it concerns; delivery is up to the caller, outside of the lock. */
  private List<Watcher> tell(ConnectionEvent.Type type, Posted entry) {
    Set<Watcher> candidates = candidates(entry);
    if (candidates.isEmpty()) {
      return List.of();
    }
    List<Watcher> told = new ArrayList<>();
    ConnectionEvent event = new ConnectionEvent(type, List.of(entry.connection()));
    long bytes = ConnectionWeight.of(entry.connection());
    for (Watcher watcher : candidates) {
      if (watcher.wants(entry)) {
        told.add(watcher);
        if (!watcher.offer(event, bytes)) {
          forget(watcher);
        }
      }
    }
    return told;
  }

  private Set<Watcher> candidates(Posted entry) {
    if (watchers.isEmpty()) {
      return Set.of();
    }
    Set<Watcher> found = new LinkedHashSet<>(watchers.getOrDefault("", Set.of()));
    for (String id : entry.segmentIds()) {
      found.addAll(watchers.getOrDefault(id, Set.of()));
    }
    return found;
  }

  private void forget(Watcher watcher) {
    watchers.computeIfPresent(
        watcher.firstId(),
        (id, all) -> {
          all.remove(watcher);
          return all.isEmpty() ? null : all;
        });
  }
}
