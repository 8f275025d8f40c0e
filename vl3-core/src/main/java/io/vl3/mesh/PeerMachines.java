package io.vl3.mesh;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.Reason;
import io.vl3.net.IpPrefix;
import io.vl3.registry.EndpointRecord;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One state machine per peer, driven by what is: whenever something happens to a peer, {@link
 * #decide} compares what there is with what should be and starts at most one thing. Dials run side
 * by side on the executor, outside of the lock; nobody waits for a dead peer. Thread-safe; no call
 * blocks.
 */
final class PeerMachines {

  private static final Logger LOG = LoggerFactory.getLogger(PeerMesh.class);

  private final Vl3Network network;
  private final PeerDial dial;
  private final MeshSettings settings;
  private final Executor executor;
  private final Timer timer;
  private final RandomGenerator random;

  private final Object lock = new Object();
  private final SortedMap<String, PeerEntry> peers = new TreeMap<>();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();

  /** What the decisions so far want run on the executor. */
  private final Deque<Runnable> jobs = new ArrayDeque<>();

  private boolean closed;

  PeerMachines(
      Vl3Network network,
      PeerDial dial,
      MeshSettings settings,
      Executor executor,
      Timer timer,
      RandomGenerator random) {
    this.network = network;
    this.dial = dial;
    this.settings = settings;
    this.executor = executor;
    this.timer = timer;
    this.random = random;
  }

  List<PeerStatus> status(Map<String, List<IpPrefix>> announced) {
    synchronized (lock) {
      return peers.entrySet().stream()
          .map(entry -> status(entry.getValue(), announced.getOrDefault(entry.getKey(), List.of())))
          .toList();
    }
  }

  /** The links that we dialled, as they stand; a snapshot. */
  List<Connection> ownLinks() {
    synchronized (lock) {
      return peers.values().stream().flatMap(entry -> entry.outgoing.stream()).toList();
    }
  }

  void arrived(EndpointRecord peer) {
    update(
        () -> {
          if (!closed) {
            PeerEntry entry = entryOf(peer);
            entry.peer = peer;
            entry.gone = false;
            decide(entry);
          }
        });
  }

  /** Registered anew, or found in another domain, a peer is another instance. */
  void changed(EndpointRecord before, EndpointRecord after) {
    boolean other =
        !before.registered().equals(after.registered()) || !before.name().equals(after.name());
    onPeer(
        after.localName(),
        entry -> {
          entry.peer = after;
          if (other) {
            entry.rebuild = entry.outgoing.isPresent() || entry.busy;
            entry.startAfresh(timer.instant());
          }
          decide(entry);
        });
  }

  void departed(EndpointRecord peer) {
    onPeer(
        peer.localName(),
        entry -> {
          entry.gone = true;
          decide(entry);
        });
  }

  /** A link that the peer dialled stands, or was refreshed; it may be ahead of the directory. */
  void incoming(PeerLink link, BooleanSupplier registered) {
    update(
        () -> {
          PeerEntry entry = entryOf(link.peer());
          entry.gone = closed || !registered.getAsBoolean();
          boolean isNew = entry.incoming.put(link.id(), link.handle()) == null;
          entry.suspects.remove(link.id());
          if (isNew && entry.outgoing.isPresent() && isOurTurn(entry)) {
            // It would not have dialled if it knew of our link: tell it again.
            entry.repair = true;
          }
          if (entry.outgoing.isEmpty()) {
            entry.startAfresh(timer.instant());
          }
          decide(entry);
        });
  }

  void linkClosed(PeerLink link) {
    onPeer(
        link.peerName(),
        entry -> {
          entry.suspects.remove(link.id());
          boolean removed = entry.incoming.remove(link.id()) != null;
          if (!removed && !entry.busy) {
            entry.outgoing = dial.established(entry.peer);
          }
          decide(entry);
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
            decide(entry);
          }
        });
  }

  /** The link's prefix belongs to an earlier registered peer: the link has to go. */
  void outranked(PeerLink link, String why) {
    onPeer(
        link.peerName(),
        entry -> {
          backOff(entry, why);
          if (link.dialler() == Dialler.PEER) {
            closeIncoming(link.handle(), why);
          } else {
            entry.rebuild = true;
            decide(entry);
          }
        });
  }

  void linkDown(PeerLink link, String why) {
    onPeer(link.peerName(), entry -> markDown(entry, link.id(), why));
  }

  void linkUp(PeerLink link) {
    onPeer(link.peerName(), entry -> markUp(entry, link.id()));
  }

  /** Asks for every link again, and has every incoming one answered again. */
  void tellAll() {
    update(
        () -> {
          for (PeerEntry entry : List.copyOf(peers.values())) {
            entry.repair = entry.outgoing.isPresent();
            entry.startAfresh(timer.instant());
            entry.incoming.values().forEach(this::answerAgain);
            decide(entry);
          }
        });
  }

  /** Closes every link; completes when every peer is forgotten. */
  CompletableFuture<Void> closeAll() {
    update(
        () -> {
          closed = true;
          for (PeerEntry entry : List.copyOf(peers.values())) {
            entry.gone = true;
            decide(entry);
          }
        });
    return drained.copy();
  }

  private void onPeer(String name, Consumer<PeerEntry> change) {
    update(() -> Optional.ofNullable(peers.get(name)).ifPresent(change));
  }

  private void update(Runnable change) {
    synchronized (lock) {
      change.run();
      if (closed && peers.isEmpty()) {
        jobs.add(() -> drained.complete(null));
      }
    }
    for (Optional<Runnable> job = nextJob(); job.isPresent(); job = nextJob()) {
      executor.execute(job.get());
    }
  }

  private Optional<Runnable> nextJob() {
    synchronized (lock) {
      return Optional.ofNullable(jobs.poll());
    }
  }

  /** Starts what brings the peer nearer to what should be, if nothing is under way. */
  private void decide(PeerEntry entry) {
    entry.wakeUp.cancel();
    entry.noteLinks(timer.instant());
    if (!entry.busy) {
      if (entry.outgoing.isPresent() && isUnwanted(entry)) {
        startClose(entry);
      } else if (entry.gone) {
        String left = "peer " + entry.peer.name() + " left";
        entry.incoming.values().forEach(handle -> closeIncoming(handle, left));
        entry.incoming.clear();
        peers.remove(entry.peer.localName(), entry);
      } else if (entry.outgoing.isPresent() ? entry.repair : !entry.hasWorkingIncoming()) {
        dialWhenDue(entry);
      }
    }
    entry.refreshState(timer.instant());
  }

  /** Of two links for one pair, whose turn it was not to dial closes the one that it dialled. */
  private boolean isUnwanted(PeerEntry entry) {
    return entry.gone || entry.rebuild || (entry.hasWorkingIncoming() && !isOurTurn(entry));
  }

  private boolean isOurTurn(PeerEntry entry) {
    return Seniority.isLater(network.self().get(), entry.peer);
  }

  private void dialWhenDue(PeerEntry entry) {
    Instant now = timer.instant();
    Instant at =
        entry.outgoing.isPresent()
            ? entry.notBefore
            : entry.dialAt(isOurTurn(entry), settings.patience());
    if (at.isAfter(now)) {
      entry.wakeUp = timer.after(Duration.between(now, at), () -> update(() -> decide(entry)));
    } else {
      startDial(entry);
    }
  }

  private void startDial(PeerEntry entry) {
    EndpointRecord peer = entry.peer;
    entry.busy = true;
    entry.refused = false;
    jobs.add(
        () -> {
          Optional<EndpointException> failure = attempt(() -> dial.dial(peer));
          update(() -> dialled(entry, peer, failure));
        });
  }

  private void startClose(PeerEntry entry) {
    EndpointRecord peer = entry.peer;
    entry.busy = true;
    jobs.add(
        () -> {
          Optional<EndpointException> failure = attempt(() -> dial.close(peer));
          update(() -> closed(entry, failure));
        });
  }

  private void dialled(PeerEntry entry, EndpointRecord peer, Optional<EndpointException> failure) {
    entry.busy = false;
    entry.outgoing = dial.established(peer);
    if (failure.isPresent()) {
      dialFailed(entry, peer, failure.get());
    } else {
      LOG.info("peer {}: linked, dialled by us", peer.name());
      entry.repaired = entry.repair;
      entry.repair = false;
      entry.startAfresh(timer.instant());
    }
    decide(entry);
  }

  private void dialFailed(PeerEntry entry, EndpointRecord peer, EndpointException failure) {
    String message = failure.getMessage();
    if (!entry.lastError.equals(Optional.of(message))) {
      LOG.warn("peer {}: {} {}", peer.name(), failure.reason(), message);
      LOG.debug("peer {}", peer.name(), failure);
    }
    backOff(entry, message);
    if (entry.outgoing.isPresent()) {
      entry.rebuild |= entry.refused || entry.failures >= settings.repairs();
      return;
    }
    entry.rebuild = false;
    if (entry.refused) {
      // The dial itself went through: what is there at the other end must not stay.
      entry.busy = true;
      jobs.add(
          () -> {
            Optional<EndpointException> left = attempt(() -> dial.close(peer));
            left.ifPresent(e -> LOG.debug("peer {}: close after refusal", peer.name(), e));
            update(
                () -> {
                  entry.busy = false;
                  decide(entry);
                });
          });
    }
  }

  private void backOff(PeerEntry entry, String message) {
    entry.failures++;
    entry.lastError = Optional.of(message);
    entry.notBefore = timer.instant().plus(settings.backOff().delay(entry.failures, random));
  }

  private void closed(PeerEntry entry, Optional<EndpointException> failure) {
    failure.ifPresent(
        e -> LOG.warn("peer {}: close: {} {}", entry.peer.name(), e.reason(), e.getMessage(), e));
    entry.busy = false;
    entry.outgoing = Optional.empty();
    entry.rebuild = false;
    entry.repair = false;
    entry.repaired = false;
    decide(entry);
  }

  private void closeIncoming(ConnectionHandle handle, String why) {
    jobs.add(
        () ->
            handle
                .close(why)
                .whenComplete((done, failure) -> logFailure("closed", handle.id(), failure)));
  }

  private static void logFailure(String what, ConnectionId id, @Nullable Throwable failure) {
    if (failure != null) {
      LOG.warn("peer link {}: could not be {}", id, what, failure);
    }
  }

  private void answerAgain(ConnectionHandle handle) {
    jobs.add(
        () ->
            handle
                .request(same -> same)
                .whenComplete(
                    (done, failure) -> logFailure("answered again", handle.id(), failure)));
  }

  private void markDown(PeerEntry entry, ConnectionId id, String why) {
    LOG.info("peer {}: link {} is down: {}", entry.peer.name(), id, why);
    entry.lastError = Optional.of(why);
    if (entry.incoming.containsKey(id)) {
      entry.suspects.add(id);
    } else if (!entry.repair) {
      // Asked for again it still does not work: then only another one helps.
      entry.rebuild |= entry.repaired;
      entry.repair = true;
      entry.notBefore = timer.instant();
    }
    decide(entry);
  }

  private void markUp(PeerEntry entry, ConnectionId id) {
    if (!entry.incoming.containsKey(id)) {
      entry.repair = false;
      entry.repaired = false;
    }
    entry.suspects.remove(id);
    entry.startAfresh(timer.instant());
    decide(entry);
  }

  private PeerEntry entryOf(EndpointRecord peer) {
    return peers.computeIfAbsent(peer.localName(), name -> new PeerEntry(peer, timer.instant()));
  }

  private static PeerStatus status(PeerEntry entry, List<IpPrefix> prefixes) {
    return new PeerStatus(
        entry.peer.name(),
        entry.state,
        entry.since,
        entry.lastError,
        entry.failures,
        prefixes,
        entry.dialler());
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
