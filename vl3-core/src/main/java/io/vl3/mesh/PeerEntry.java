package io.vl3.mesh;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.registry.EndpointRecord;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the mesh knows of one peer. Mutable; guarded by the mesh's lock. */
final class PeerEntry {

  EndpointRecord peer;

  /** The link that we dialled. */
  Optional<Connection> outgoing = Optional.empty();

  /** Links that the peer dialled; more than one only if it changes their ids. */
  final Map<ConnectionId, ConnectionHandle> incoming = new HashMap<>();

  /** Incoming links that are reported not to work. */
  final Set<ConnectionId> suspects = new HashSet<>();

  /** A dial or close of the outgoing link is under way: nothing else is started. */
  boolean busy;

  /** The peer left the registry. */
  boolean gone;

  /** The outgoing link is to be closed, and dialled anew if it is our turn. */
  boolean rebuild;

  /** The outgoing link is to be requested again as it stands. */
  boolean repair;

  /** It was requested again, and nobody has said since that it works. */
  boolean repaired;

  /** The peer answered the dial under way with something not to be believed. */
  boolean refused;

  int failures;
  Optional<String> lastError = Optional.empty();
  Instant notBefore;
  Instant linklessSince;
  private boolean linked;
  Timer.Cancellable wakeUp = () -> {};
  PeerState state = PeerState.ABSENT;
  Instant since;

  PeerEntry(EndpointRecord peer, Instant now) {
    this.peer = peer;
    this.notBefore = now;
    this.linklessSince = now;
    this.since = now;
  }

  boolean hasWorkingIncoming() {
    return !suspects.containsAll(incoming.keySet());
  }

  boolean hasLink() {
    return outgoing.isPresent() || hasWorkingIncoming();
  }

  /** Notes when the last link was lost. */
  void noteLinks(Instant now) {
    if (linked && !hasLink()) {
      linklessSince = now;
    }
    linked = hasLink();
  }

  /** Forgets failures: the next attempt may come at once. */
  void startAfresh(Instant now) {
    failures = 0;
    notBefore = now;
    lastError = Optional.empty();
  }

  /** When a missing link is to be dialled by us. */
  Instant dialAt(boolean ourTurn, Duration patience) {
    Instant turn = ourTurn ? linklessSince : linklessSince.plus(patience);
    return turn.isAfter(notBefore) ? turn : notBefore;
  }

  void refreshState(Instant now) {
    PeerState current = currentState();
    if (current != state) {
      state = current;
      since = now;
    }
  }

  private PeerState currentState() {
    if (hasLink()) {
      boolean broken = outgoing.isPresent() && repair && lastError.isPresent();
      return broken && !hasWorkingIncoming() ? PeerState.DEGRADED : PeerState.UP;
    }
    if (!incoming.isEmpty()) {
      return PeerState.DEGRADED;
    }
    if (busy) {
      return PeerState.DIALLING;
    }
    return failures > 0 ? PeerState.BACKING_OFF : PeerState.ABSENT;
  }

  Dialler dialler() {
    if (outgoing.isPresent()) {
      return Dialler.US;
    }
    return incoming.isEmpty() ? Dialler.NOBODY : Dialler.PEER;
  }
}
