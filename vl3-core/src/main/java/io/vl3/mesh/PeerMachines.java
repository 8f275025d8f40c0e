package io.vl3.mesh;

import io.vl3.connection.ConnectionId;
import io.vl3.failure.EndpointException;
import io.vl3.health.EventKind;
import io.vl3.health.HealthCode;
import io.vl3.health.Reporter;
import io.vl3.internal.log.Outage;
import io.vl3.net.IpPrefix;
import io.vl3.registry.EndpointRecord;
import io.vl3.time.Timer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One state machine per peer, driven by what is: whenever something happens to a peer, {@link
 * PeerActions#decide} starts what brings it nearer to what should be. Dials run side by side on the
 * executor, outside of {@link Changes}; nobody waits for a dead peer. Thread-safe; no call blocks.
 */
final class PeerMachines {

  private static final Logger LOG = LoggerFactory.getLogger(PeerMesh.class);

  private final Vl3Network network;
  private final Uplink uplink;
  private final MeshSettings settings;
  private final MeshRules rules;
  private final Consumer<String> forgotten;
  private final Changes changes;
  private final Timer timer;
  private final RandomGenerator random;
  private final Reporter reporter;
  private final PeerActions actions;
  private final CompletableFuture<Void> drained = new CompletableFuture<>();

  /** Guarded by the changes, like all below. */
  private final SortedMap<String, PeerEntry> peers = new TreeMap<>();

  private boolean probing;
  private boolean closed;

  PeerMachines(
      Vl3Network network,
      PeerDial dial,
      Uplink uplink,
      MeshSettings settings,
      MeshRules rules,
      Consumer<String> forgotten,
      MeshThreads threads,
      Timer timer,
      RandomGenerator random,
      Reporter reporter) {
    this.network = network;
    this.uplink = uplink;
    this.forgotten = forgotten;
    this.settings = settings;
    this.rules = rules;
    this.changes = new Changes(threads);
    this.timer = timer;
    this.random = random;
    this.reporter = reporter;
    this.actions = new PeerActions(network, dial, settings, rules, timer, changes, new Inside());
  }

  List<PeerStatus> status(Map<String, List<IpPrefix>> announced) {
    return changes.ask(
        () ->
            peers.values().stream()
                .map(entry -> entry.status(announced.getOrDefault(entry.peer.name(), List.of())))
                .toList());
  }

  /** Packets are known to pass, even if nobody answers for the link any more. */
  private boolean carries(PeerEntry entry) {
    return probing && !entry.proven.isEmpty();
  }

  /** Whether a link to a peer works, as far as is known. */
  boolean works(String peer) {
    return changes.ask(
        () ->
            Optional.ofNullable(peers.get(peer))
                .filter(entry -> entry.state == PeerState.UP || carries(entry))
                .isPresent());
  }

  /** From now on it learns, or does not, over which links packets pass. */
  void probing(boolean now) {
    update(
        () -> {
          probing = now;
          peers.values().forEach(entry -> entry.refreshState(now, timer.instant()));
        });
  }

  void arrived(EndpointRecord peer) {
    update(
        () -> {
          if (!closed) {
            PeerEntry entry = entryOf(peer);
            entry.peer = peer;
            entry.gone = false;
            actions.decide(entry);
          }
        });
  }

  /**
   * Another run of a peer has forgotten our link and is asked for it again. The link stands
   * meanwhile, even if it is the other's turn to dial now: packets may still pass.
   */
  void changed(EndpointRecord before, EndpointRecord after) {
    boolean restarted =
        !before.registered().equals(after.registered())
            || !before.instance().equals(after.instance());
    onPeer(
        after.name(),
        entry -> {
          entry.peer = after;
          if (restarted) {
            entry.repair |= entry.outgoing.isPresent() || entry.busy;
            entry.attempts.reset(timer.instant());
          }
          actions.decide(entry);
        });
  }

  void departed(EndpointRecord peer) {
    onPeer(
        peer.name(),
        entry -> {
          entry.gone = true;
          reporter.happened(EventKind.PEER_LEFT, peer.name(), "left the registry");
          if (entry.hasLink() && !entry.outage.isOn()) {
            LOG.warn("peer {}: left the registry, its links are closed", peer.name());
          }
          actions.decide(entry);
        });
  }

  /** A link that the peer dialled stands, or was refreshed; it may be ahead of the directory. */
  void incoming(PeerLink link, BooleanSupplier registered) {
    update(
        () -> {
          PeerEntry entry = entryOf(link.peer());
          entry.gone = closed || !registered.getAsBoolean();
          boolean isNew = entry.incoming.put(link.id(), link) == null;
          entry.suspects.remove(link.id());
          if (isNew && entry.outgoing.isPresent() && actions.isOurTurn(entry)) {
            // It would not have dialled if it knew of our link: announce it again.
            entry.repair = true;
          }
          if (entry.outgoing.isEmpty()) {
            entry.attempts.reset(timer.instant());
          }
          actions.decide(entry);
        });
  }

  /** A link that we dialled was asked for with success, by whomever. */
  void refreshed(PeerLink link) {
    onPeer(
        link.peerName(),
        entry -> {
          if (!entry.busy) {
            actions.findOutgoing(entry);
            actions.refreshed(entry);
            actions.decide(entry);
          }
        });
  }

  /** A link that we dialled could not be refreshed: we ask for it ourselves from now on. */
  void refreshFailed(PeerLink link, EndpointException why) {
    onPeer(
        link.peerName(),
        entry -> {
          if (!entry.busy && entry.outgoing.isPresent() && !entry.repair) {
            entry.attempts.failed(why.getMessage(), timer.instant());
            actions.logFailure(entry, why);
            actions.repairFailed(entry, why);
            actions.decide(entry);
          }
        });
  }

  void linkClosed(PeerLink link) {
    onPeer(
        link.peerName(),
        entry -> {
          entry.suspects.remove(link.id());
          boolean removed = entry.incoming.remove(link.id()) != null;
          if (!removed && !entry.busy) {
            actions.broke(entry, "link: closed");
            actions.findOutgoing(entry);
          }
          actions.decide(entry);
        });
  }

  /** Outside of a dial of ours this is a refresh: the link is no longer what we agreed to. */
  void refused(String peer) {
    onPeer(
        peer,
        entry -> {
          entry.refused = true;
          if (!entry.busy && entry.outgoing.isPresent()) {
            entry.rebuild = true;
            actions.decide(entry);
          }
        });
  }

  /** The link's prefix belongs to an earlier registered peer: the link has to go. */
  void outranked(PeerLink link, String why) {
    onPeer(
        link.peerName(),
        entry -> {
          entry.attempts.failed(why, timer.instant());
          if (link.dialler() == Dialler.PEER) {
            actions.closeIncoming(link, why, () -> true);
          } else {
            entry.rebuild = true;
            actions.decide(entry);
          }
        });
  }

  /** The cause for which a dial of ours failed is over. */
  void hurry(String peer) {
    onPeer(
        peer,
        entry -> {
          entry.attempts.hurry(timer.instant());
          actions.decide(entry);
        });
  }

  /** Dials even if it is not our turn: the peer is to hear what we announce. */
  void tell(String peer) {
    onPeer(
        peer,
        entry -> {
          entry.untold = !entry.busy;
          actions.decide(entry);
        });
  }

  void linkDown(PeerLink link, String why) {
    onPeer(link.peerName(), entry -> actions.markDown(entry, link.id(), why));
  }

  void linkUp(PeerLink link) {
    onPeer(link.peerName(), entry -> markUp(entry, link.id()));
  }

  void linkAnswers(PeerLink link) {
    onPeer(link.peerName(), entry -> actions.answered(entry, link.id()));
  }

  /** Asks for every link again, and has every incoming one answered again. */
  void tellAll() {
    update(
        () -> {
          for (PeerEntry entry : List.copyOf(peers.values())) {
            entry.attempts.reset(timer.instant());
            tellAgain(entry);
          }
        });
  }

  private void tellAgain(PeerEntry entry) {
    entry.repair |= entry.outgoing.isPresent() || entry.busy;
    entry.incoming.values().forEach(actions::answerAgain);
    actions.decide(entry);
  }

  /** Closes every link; completes when every peer is forgotten. */
  CompletableFuture<Void> closeAll() {
    update(
        () -> {
          closed = true;
          for (PeerEntry entry : List.copyOf(peers.values())) {
            entry.gone = true;
            actions.decide(entry);
          }
        });
    return drained.copy();
  }

  /** Does nothing any more; links stay as they are. */
  void stop() {
    changes.stop();
  }

  private void onPeer(String name, Consumer<PeerEntry> change) {
    update(() -> Optional.ofNullable(peers.get(name)).ifPresent(change));
  }

  private void update(Runnable change) {
    changes.make(
        () -> {
          change.run();
          chooseUplink();
          if (closed && peers.isEmpty()) {
            changes.later(() -> drained.complete(null));
          }
        });
  }

  /** A spoke's uplink is over one of the hubs to which it has a working link. */
  private void chooseUplink() {
    EndpointRecord self = network.self().get();
    if (!self.isSpoke()) {
      return;
    }
    List<String> working =
        peers.values().stream()
            .filter(entry -> entry.peer.isHub() && entry.state == PeerState.UP)
            .map(entry -> entry.peer.name())
            .toList();
    Optional<String> before = uplink.hub();
    if (uplink.choose(self, working)) {
      LOG.info("uplink: {}, was {}", uplink.hub().orElse("none"), before.orElse("none"));
      before.ifPresent(this::askAgain);
      uplink.hub().ifPresent(this::askAgain);
    }
  }

  private void askAgain(String peer) {
    PeerEntry entry = peers.get(peer);
    if (entry != null) {
      tellAgain(entry);
    }
  }

  private void markUp(PeerEntry entry, ConnectionId id) {
    boolean news = entry.proven.add(id);
    news |= entry.suspects.remove(id) != null;
    if (entry.isOutgoing(id)) {
      Instant now = timer.instant();
      news |= entry.isDown();
      entry.overtaken = entry.busy;
      entry.downSince = Optional.empty();
      entry.repaired = false;
      entry.silentSince = entry.silentSince.map(since -> now);
    }
    if (news) {
      entry.attempts.hurry(timer.instant());
      actions.decide(entry);
    }
  }

  private PeerEntry entryOf(EndpointRecord peer) {
    return peers.computeIfAbsent(
        peer.name(),
        name -> {
          Instant now = timer.instant();
          Attempts attempts = rules.attempts(settings.backOff(), random, now);
          Outage outage =
              new Outage(LOG, timer).reportedTo(reporter, HealthCode.PEER_DOWN, peer.name());
          return new PeerEntry(peer, attempts, outage, reporter, now);
        });
  }

  /** The part of these machines that the actions may use. */
  private final class Inside implements PeerActions.Machinery {

    @Override
    public void update(Runnable change) {
      PeerMachines.this.update(change);
    }

    @Override
    public void forget(PeerEntry entry) {
      if (peers.remove(entry.peer.name(), entry)) {
        forgotten.accept(entry.peer.name());
      }
    }

    @Override
    public boolean probing() {
      return probing;
    }
  }
}
