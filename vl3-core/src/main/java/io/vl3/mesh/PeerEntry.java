package io.vl3.mesh;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.health.EventKind;
import io.vl3.health.Reporter;
import io.vl3.internal.log.Outage;
import io.vl3.net.IpPrefix;
import io.vl3.registry.EndpointRecord;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The mesh's knowledge of one peer. Mutable; guarded by the changes of {@link PeerMachines}. */
final class PeerEntry {

  final Attempts attempts;

  private final Reporter reporter;

  /** The trouble with the peer or its links, logged once. */
  final Outage outage;

  EndpointRecord peer;

  /** The link that we dialled. */
  Optional<Connection> outgoing = Optional.empty();

  /** Links that the peer dialled; more than one only if it changes their ids. */
  final Map<ConnectionId, PeerLink> incoming = new HashMap<>();

  /** Incoming links that are reported not to work, and since when. */
  final Map<ConnectionId, Instant> suspects = new HashMap<>();

  /** Links over which packets have passed since they were made or repaired. */
  final Set<ConnectionId> proven = new HashSet<>();

  /** A dial or close of the outgoing link is under way: nothing else is started. */
  boolean busy;

  /** The last dial failed. */
  boolean unanswered;

  /** Packets pass again since the dial under way was begun: that it fails says nothing of them. */
  boolean overtaken;

  /** The peer left the registry. */
  boolean gone;

  /** The outgoing link is to be closed, and dialled anew if it is our turn. */
  boolean rebuild;

  /** The outgoing link is to be requested again as it stands. */
  boolean repair;

  /** Since when no packets pass over the outgoing link. */
  Optional<Instant> downSince = Optional.empty();

  /** For that it was requested again, and nobody has said since that it works. */
  boolean repaired;

  /** Since when the outgoing link cannot be refreshed and nothing else shows that it lives. */
  Optional<Instant> silentSince = Optional.empty();

  /** The peer cannot know what we announce, and by its turn alone would never hear. */
  boolean untold;

  /** The peer answered the dial under way with something not to be believed. */
  boolean refused;

  Instant linklessSince;
  private Instant linkedSince;
  private boolean linked;
  Timer.Cancellable wakeUp = () -> {};
  Timer.Cancellable endOfSilence = () -> {};
  PeerState state = PeerState.ABSENT;
  Instant since;

  PeerEntry(EndpointRecord peer, Attempts attempts, Outage outage, Reporter reporter, Instant now) {
    this.peer = peer;
    this.attempts = attempts;
    this.outage = outage;
    this.reporter = reporter;
    this.linklessSince = now;
    this.linkedSince = now;
    this.since = now;
  }

  boolean hasWorkingIncoming() {
    return incoming.values().stream().anyMatch(this::isTrusted);
  }

  /**
   * Whether a link that the peer dialled is thought to work. A link that an earlier run of it
   * dialled is forgotten there, even if packets still pass.
   */
  boolean isTrusted(PeerLink link) {
    return !suspects.containsKey(link.id()) && link.peer().instance().equals(peer.instance());
  }

  /** The links that the peer dialled and that are not thought to work. */
  List<PeerLink> distrusted() {
    return incoming.values().stream().filter(link -> !isTrusted(link)).toList();
  }

  /** The links that the peer dialled and that have not worked since before a moment. */
  List<PeerLink> incomingSilentSince(Instant moment) {
    return incoming.values().stream().filter(link -> isSilentSince(link.id(), moment)).toList();
  }

  boolean isSilentSince(ConnectionId id, Instant moment) {
    Instant since = suspects.get(id);
    return since != null && !since.isAfter(moment);
  }

  boolean distrusts(ConnectionId id) {
    PeerLink link = incoming.get(id);
    return link != null && !isTrusted(link);
  }

  boolean hasLink() {
    return outgoing.isPresent() || hasWorkingIncoming();
  }

  /** Whether the peer's endpoint was built by others: it never closes a link on its own. */
  boolean isForeign() {
    return peer.instance().isEmpty();
  }

  /** Notes when the first link was made and the last one lost. */
  void noteLinks(Instant now) {
    if (linked && !hasLink()) {
      linklessSince = now;
    } else if (!linked && hasLink()) {
      linkedSince = now;
    }
    linked = hasLink();
    proven.removeIf(id -> !incoming.containsKey(id) && !isOutgoing(id));
  }

  /** A link that does not work, or not yet again, is at least not silent. */
  void answered(ConnectionId id, Instant now) {
    suspects.replace(id, now);
    if (isOutgoing(id)) {
      downSince = downSince.map(since -> now);
      silentSince = silentSince.map(since -> now);
    }
  }

  /** Whether no packets pass over the outgoing link. */
  boolean isDown() {
    return downSince.isPresent();
  }

  boolean isOutgoing(ConnectionId id) {
    return outgoing.isPresent() && outgoing.get().id().equals(Optional.of(id));
  }

  /** A link broke: what failed before it is forgotten only if it has stood long enough. */
  void broke(String why, Instant now, Duration calm) {
    if (!linkedSince.plus(calm).isAfter(now)) {
      attempts.reset(now);
      attempts.note(why);
    } else {
      attempts.failed(why, now);
    }
    linkedSince = now;
  }

  /** When a missing link is to be dialled by us. */
  Instant dialAt(boolean ourTurn, Duration patience) {
    Instant turn = ourTurn || untold ? linklessSince : linklessSince.plus(patience);
    return turn.isAfter(attempts.notBefore()) ? turn : attempts.notBefore();
  }

  void refreshState(boolean probing, Instant now) {
    PeerState current = currentState(probing);
    if (current != state) {
      state = current;
      since = now;
      reporter.happened(event(current), peer.name(), attempts.lastError().orElse(""));
    }
  }

  private PeerState currentState(boolean probing) {
    boolean ownWorks = outgoing.isPresent() && !isDown() && silentSince.isEmpty();
    if (ownWorks || hasWorkingIncoming()) {
      return probing && proven.isEmpty() ? unproven() : PeerState.UP;
    }
    if (outgoing.isPresent() || !incoming.isEmpty()) {
      return PeerState.DEGRADED;
    }
    if (busy) {
      return PeerState.DIALLING;
    }
    return attempts.failures() > 0 ? PeerState.BACKING_OFF : PeerState.ABSENT;
  }

  private static EventKind event(PeerState state) {
    return switch (state) {
      case ABSENT -> EventKind.PEER_ABSENT;
      case DIALLING -> EventKind.PEER_DIALLING;
      case UP -> EventKind.PEER_UP;
      case DEGRADED -> EventKind.PEER_DEGRADED;
      case BACKING_OFF -> EventKind.PEER_BACKING_OFF;
    };
  }

  private PeerState unproven() {
    boolean wasUp = state == PeerState.UP || state == PeerState.DEGRADED;
    return wasUp ? PeerState.DEGRADED : PeerState.DIALLING;
  }

  private Dialler dialler() {
    if (outgoing.isPresent()) {
      return Dialler.US;
    }
    return incoming.isEmpty() ? Dialler.NOBODY : Dialler.PEER;
  }

  PeerStatus status(List<IpPrefix> prefixes) {
    return new PeerStatus(
        peer.name(),
        state,
        since,
        attempts.lastError(),
        attempts.lastError().isPresent() ? attempts.failures() : 0,
        prefixes,
        dialler());
  }
}
