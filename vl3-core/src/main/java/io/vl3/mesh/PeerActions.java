package io.vl3.mesh;

import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.registry.EndpointRecord;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Compares what there is of one peer with what should be and starts at most one thing; dials and
 * closes run as jobs outside of the changes. Called in changes.
 */
final class PeerActions {

  private static final Logger LOG = LoggerFactory.getLogger(PeerMesh.class);

  private final Vl3Network network;
  private final PeerDial dial;
  private final MeshSettings settings;
  private final MeshRules rules;
  private final Timer timer;
  private final Changes changes;
  private final Machinery machinery;

  PeerActions(
      Vl3Network network,
      PeerDial dial,
      MeshSettings settings,
      MeshRules rules,
      Timer timer,
      Changes changes,
      Machinery machinery) {
    this.network = network;
    this.dial = dial;
    this.settings = settings;
    this.rules = rules;
    this.timer = timer;
    this.changes = changes;
    this.machinery = machinery;
  }

  /** Where the entries live. */
  interface Machinery {

    /** Makes a change. */
    void update(Runnable change);

    /** Nothing is left of the peer. */
    void forget(PeerEntry entry);

    /** Whether it will learn over which links packets pass. */
    boolean probing();
  }

  boolean isOurTurn(PeerEntry entry) {
    return rules.isOurTurn(network.self().get(), entry.peer);
  }

  void broke(PeerEntry entry, String why) {
    entry.broke(why, timer.instant(), settings.calm());
  }

  /** The link that we dialled as it stands now. */
  void findOutgoing(PeerEntry entry) {
    entry.outgoing = dial.established(entry.peer);
  }

  void decide(PeerEntry entry) {
    entry.wakeUp.cancel();
    entry.noteLinks(timer.instant());
    if (!entry.busy) {
      if (entry.outgoing.isPresent() && isUnwanted(entry)) {
        startClose(entry);
      } else if (entry.gone) {
        String left = "peer " + entry.peer.name() + " left";
        entry.incoming.values().forEach(link -> closeIncoming(link, left, () -> true));
        entry.incoming.clear();
        entry.suspects.clear();
        machinery.forget(entry);
      } else if (entry.outgoing.isPresent() ? entry.repair : !entry.hasWorkingIncoming()) {
        dialWhenDue(entry);
      }
    }
    closeDistrusted(entry);
    closeSilent(entry);
    entry.refreshState(machinery.probing(), timer.instant());
    logEnd(entry);
  }

  private void logEnd(PeerEntry entry) {
    if (entry.gone) {
      entry.outage.ended("peer %s: left the registry, given up".formatted(entry.peer.name()));
    } else if (entry.state == PeerState.UP) {
      entry.outage.ended("peer %s: linked, all is well again".formatted(entry.peer.name()));
    }
  }

  /**
   * Of two links for one pair, whose turn it was not to dial closes the one that it dialled. One
   * that others built never does so: then we do.
   */
  private boolean isUnwanted(PeerEntry entry) {
    boolean oursIsTheSecond = entry.isForeign() || !isOurTurn(entry);
    return entry.gone || entry.rebuild || (entry.hasWorkingIncoming() && oursIsTheSecond);
  }

  /**
   * A link that the peer dialled and that does not work, perhaps one that it has forgotten, is of
   * no use once another stands. Others' endpoints would dial again at once.
   */
  private void closeDistrusted(PeerEntry entry) {
    if (entry.busy || !entry.hasLink() || entry.isForeign()) {
      return;
    }
    for (PeerLink link : entry.distrusted()) {
      // Asked for again meanwhile, it may be trusted.
      BooleanSupplier still = () -> changes.ask(() -> entry.distrusts(link.id()));
      closeIncoming(link, "another link to " + entry.peer.name() + " stands", still);
    }
  }

  /** A link that is dead for too long limits the MTU and leads packets nowhere. */
  private void closeSilent(PeerEntry entry) {
    entry.endOfSilence.cancel();
    if (entry.suspects.isEmpty() || entry.isForeign()) {
      return;
    }
    Instant due = timer.instant().minus(settings.silence());
    for (PeerLink link : entry.incomingSilentSince(due)) {
      BooleanSupplier still = () -> changes.ask(() -> entry.isSilentSince(link.id(), due));
      closeIncoming(link, "no packets pass, and " + entry.peer.name() + " does not mend it", still);
    }
    entry.suspects.values().stream()
        .filter(since -> since.isAfter(due))
        .min(Instant::compareTo)
        .ifPresent(since -> entry.endOfSilence = decideAfter(Duration.between(due, since), entry));
  }

  private Timer.Cancellable decideAfter(Duration pause, PeerEntry entry) {
    return timer.after(pause, () -> machinery.update(() -> decide(entry)));
  }

  private void dialWhenDue(PeerEntry entry) {
    Instant now = timer.instant();
    Instant at =
        entry.outgoing.isPresent()
            ? entry.attempts.notBefore()
            : entry.dialAt(isOurTurn(entry), settings.patience());
    if (at.isAfter(now)) {
      entry.wakeUp = decideAfter(Duration.between(now, at), entry);
    } else {
      startDial(entry);
    }
  }

  private void startDial(PeerEntry entry) {
    EndpointRecord peer = entry.peer;
    entry.busy = true;
    entry.refused = false;
    entry.untold = false;
    entry.overtaken = false;
    // A reason for another repair that comes while this one is under way must not be lost.
    entry.repair = false;
    changes.dialLater(
        entry.unanswered,
        () -> {
          if (!changes.ask(() -> isWanted(entry))) {
            machinery.update(() -> spared(entry));
            return false;
          }
          Optional<EndpointException> failure = attempt(() -> dial.dial(peer));
          machinery.update(() -> dialled(entry, peer, failure));
          return true;
        });
  }

  /** A dial may wait long for its turn, and the peer may have dialled meanwhile. */
  private static boolean isWanted(PeerEntry entry) {
    return !entry.gone && (entry.outgoing.isPresent() || !entry.hasWorkingIncoming());
  }

  private void spared(PeerEntry entry) {
    entry.busy = false;
    decide(entry);
  }

  private void startClose(PeerEntry entry) {
    EndpointRecord peer = entry.peer;
    entry.busy = true;
    changes.later(
        () -> {
          Optional<EndpointException> failure = attempt(() -> dial.close(peer));
          machinery.update(() -> closed(entry, failure));
        });
  }

  private void dialled(PeerEntry entry, EndpointRecord peer, Optional<EndpointException> failure) {
    entry.busy = false;
    entry.unanswered = failure.isPresent();
    entry.outgoing = dial.established(peer);
    if (failure.isPresent()) {
      dialFailed(entry, peer, failure.get());
    } else {
      LOG.info("peer {}: linked, dialled by us", peer.name());
      refreshed(entry);
    }
    decide(entry);
  }

  /** The outgoing link was asked for with success. */
  void refreshed(PeerEntry entry) {
    if (entry.isDown()) {
      entry.repaired = true;
      entry.downSince = Optional.empty();
      entry.proven.removeIf(entry::isOutgoing);
    }
    entry.silentSince = Optional.empty();
    entry.attempts.succeeded(timer.instant());
  }

  /** No packets pass over a link. */
  void markDown(PeerEntry entry, ConnectionId id, String why) {
    LOG.debug("peer {}: link {} is down: {}", entry.peer.name(), id, why);
    if (!entry.gone) {
      entry.outage.failed("peer %s: no packets pass: %s".formatted(entry.peer.name(), why));
    }
    entry.proven.remove(id);
    if (entry.incoming.containsKey(id)) {
      entry.attempts.note(why);
      entry.suspects.putIfAbsent(id, timer.instant());
    } else if (!entry.isDown()) {
      // Asked for again it still does not work: then only another one helps.
      entry.rebuild |= entry.repaired;
      entry.downSince = Optional.of(timer.instant());
      entry.repair = true;
      broke(entry, why);
      entry.attempts.hurry(timer.instant());
    }
    decide(entry);
  }

  /** A packet passed over a link that is down. */
  void answered(PeerEntry entry, ConnectionId id) {
    entry.answered(id, timer.instant());
    decide(entry);
  }

  private void dialFailed(PeerEntry entry, EndpointRecord peer, EndpointException failure) {
    if (entry.overtaken && entry.outgoing.isPresent() && !isDisagreement(failure)) {
      LOG.debug("peer {}: works again, and is asked anew", peer.name(), failure);
      entry.repair = true;
      entry.attempts.hurry(timer.instant());
      return;
    }
    logFailure(entry, failure);
    LOG.debug("peer {}", peer.name(), failure);
    entry.attempts.failed(failure.getMessage(), timer.instant());
    if (entry.outgoing.isPresent()) {
      repairFailed(entry, failure);
      return;
    }
    entry.rebuild = false;
    if (entry.refused) {
      // The dial itself went through: what is there at the other end must not stay.
      entry.busy = true;
      changes.later(
          () -> {
            Optional<EndpointException> left = attempt(() -> dial.close(peer));
            left.ifPresent(e -> LOG.debug("peer {}: close after refusal", peer.name(), e));
            machinery.update(
                () -> {
                  entry.busy = false;
                  decide(entry);
                });
          });
    }
  }

  void logFailure(PeerEntry entry, EndpointException failure) {
    entry.outage.failed(
        "peer %s: cannot be asked for its link: %s %s"
            .formatted(entry.peer.name(), failure.reason(), failure.getMessage()));
  }

  /** The outgoing link stands but could not be refreshed. */
  void repairFailed(PeerEntry entry, EndpointException why) {
    Instant now = timer.instant();
    entry.repair = true;
    Instant since = entry.silentSince.or(() -> entry.downSince).orElse(now);
    entry.silentSince = Optional.of(since);
    boolean tooOften = entry.isDown() && entry.attempts.failures() >= settings.repairs();
    boolean tooLong = !since.plus(settings.silence()).isAfter(now);
    // A link on which the two sides can no longer agree must not go on in its old form.
    entry.rebuild |= entry.refused || isDisagreement(why) || tooOften || tooLong;
  }

  private static boolean isDisagreement(EndpointException why) {
    return switch (why.reason()) {
      case INVALID, DENIED, CONFLICT -> true;
      default -> false;
    };
  }

  private void closed(PeerEntry entry, Optional<EndpointException> failure) {
    failure.ifPresent(e -> logFailedClose(entry, e));
    entry.busy = false;
    entry.outgoing = Optional.empty();
    entry.rebuild = false;
    entry.repair = false;
    entry.repaired = false;
    entry.downSince = Optional.empty();
    entry.silentSince = Optional.empty();
    decide(entry);
  }

  /** A peer that left the registry without a word has nobody to close its side. */
  private static void logFailedClose(PeerEntry entry, EndpointException failure) {
    LOG.atLevel(entry.gone ? Level.DEBUG : Level.WARN)
        .log("peer {}: close: {} {}", entry.peer.name(), failure.reason(), failure.getMessage());
  }

  /** Closes a link that the peer dialled, if there is still reason to when its turn has come. */
  void closeIncoming(PeerLink link, String why, BooleanSupplier still) {
    ConnectionHandle handle = link.handle();
    changes.later(
        () ->
            handle
                .closeIf(why, still)
                .whenComplete((done, failure) -> logFailure("closed", handle.id(), failure)));
  }

  /**
   * Has a link that the peer dialled answered again, with what we show now; it goes if the two
   * sides cannot agree any more.
   */
  void answerAgain(PeerLink link) {
    ConnectionHandle handle = link.handle();
    changes.later(
        () -> handle.request(same -> same).whenComplete((done, failure) -> again(link, failure)));
  }

  private void again(PeerLink link, @Nullable Throwable failure) {
    logFailure("answered again", link.id(), failure);
    if (failure == null) {
      return;
    }
    EndpointException why = EndpointException.of(failure);
    if (isDisagreement(why)) {
      machinery.update(() -> closeIncoming(link, why.getMessage(), () -> true));
    }
  }

  private static void logFailure(String what, ConnectionId id, @Nullable Throwable failure) {
    if (failure != null) {
      LOG.warn("peer link {}: could not be {}", id, what, failure);
    }
  }

  private static Optional<EndpointException> attempt(Attempt attempt) {
    try {
      attempt.run();
      return Optional.empty();
    } catch (EndpointException failure) {
      return Optional.of(failure);
    } catch (RuntimeException bug) {
      return Optional.of(new EndpointException(Reason.INTERNAL, String.valueOf(bug), bug));
    }
  }

  /** Something remote that may fail. */
  private interface Attempt {
    void run() throws EndpointException;
  }
}
