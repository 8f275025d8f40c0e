package io.vl3.nsm.internal.file;

import io.vl3.endpoint.Key;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.transport.internal.unix.FilePassing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files that one connection holds for one element, from when they are received until the
 * connection names them no more.
 */
final class SessionFiles {

  /** A descriptor travels with the bytes that name it, so it is there or a moment away. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Key<Holds> key;
  private final HeldFiles store;

  /** The files that a session holds, by URL. */
  record Holds(Map<String, HeldFiles.Hold> byUrl) implements AutoCloseable {

    static final Holds NONE = new Holds(Map.of());

    Holds {
      byUrl = Map.copyOf(byUrl);
    }

    @Override
    public void close() {
      byUrl.values().forEach(HeldFiles.Hold::close);
    }
  }

  SessionFiles(Key<Holds> key, HeldFiles store) {
    this.key = key;
    this.store = store;
  }

  /** Takes what is named and not held yet; given back if the request fails. */
  void take(Set<String> inodeUrls, FilePassing from, Session session) throws EndpointException {
    Holds before = session.get(key).orElse(Holds.NONE);
    Map<String, HeldFiles.Hold> held = new HashMap<>(before.byUrl());
    session.onFailure("hold what was held", () -> session.put(key, before));
    for (String url : inodeUrls) {
      if (!held.containsKey(url)) {
        HeldFiles.Hold hold = store.hold(from.receive(url, patience(session)));
        session.onFailure("let go of " + url, hold::close);
        held.put(url, hold);
      }
    }
    session.put(key, new Holds(held));
  }

  /** Where a held file is. */
  Optional<Path> path(String inodeUrl, Session session) {
    return Optional.ofNullable(held(session).get(inodeUrl)).map(HeldFiles.Hold::path);
  }

  /** Whether a file is held. */
  boolean holds(String inodeUrl, Session session) {
    return held(session).containsKey(inodeUrl);
  }

  /** Lets go of everything else once the request has succeeded. */
  void keepOnly(Set<String> inodeUrls, Session session) {
    Map<String, HeldFiles.Hold> held = held(session);
    Map<String, HeldFiles.Hold> kept = new HashMap<>(held);
    kept.keySet().retainAll(inodeUrls);
    if (kept.size() < held.size()) {
      session.put(key, new Holds(kept));
      held.forEach(
          (url, hold) -> {
            if (!kept.containsKey(url)) {
              session.onCommit("let go of " + url, hold::close);
            }
          });
    }
  }

  /** Lets go of all. */
  void release(Session session) {
    session.remove(key).ifPresent(Holds::close);
  }

  private Map<String, HeldFiles.Hold> held(Session session) {
    return session.get(key).orElse(Holds.NONE).byUrl();
  }

  private static Duration patience(Session session) {
    Duration left = session.deadline().remaining();
    return left.compareTo(PATIENCE) < 0 ? left : PATIENCE;
  }
}
