package io.vl3.mesh;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.Reason;
import io.vl3.net.IpPrefix;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.PeerDirectory;
import io.vl3.registry.Registry;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps us linked to every peer by exactly one link. The later registered of two dials; the other
 * does so only after some patience. If both have dialled, whose turn it was not closes its own.
 *
 * <p>One state machine per peer, driven by what is: whenever something happens to a peer, {@link
 * #decide} compares what there is with what should be and starts at most one thing. Dials run side
 * by side on the executor, outside of the lock; nobody waits for a dead peer.
 *
 * <p>Thread-safe. Incoming links come through {@link Vl3Endpoint}, outgoing ones through {@link
 * BelievePeer}; both share the {@link PrefixTable} given here.
 */
public final class PeerMesh implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PeerMesh.class);

  private final Vl3Network network;
  private final PrefixTable table;
  private final PeerDirectory directory;
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

  private Registry.Subscription watch = () -> {};
  private boolean closed;

  /**
   * A mesh; nothing happens before {@link #start}.
   *
   * @param table shared with {@link Vl3Endpoint} and {@link BelievePeer}
   * @param directory who the peers are; started and closed by its owner
   * @param client a chain with {@link BelievePeer} that ends in the manager's call; its connections
   *     are this mesh's links
   * @param executor where dials run; they block, so it must not be bounded tightly
   * @param timer for back-off and patience
   * @param random the jitter
   */
  public PeerMesh(
      Vl3Network network,
      PrefixTable table,
      PeerDirectory directory,
      EndpointRunner client,
      MeshSettings settings,
      Executor executor,
      Timer timer,
      RandomGenerator random) {
    this.network = network;
    this.table = table;
    this.directory = directory;
    this.dial = new PeerDial(network, table, directory.search(), client, settings, timer);
    this.settings = settings;
    this.executor = executor;
    this.timer = timer;
    this.random = random;
    table.listen(new Links());
  }

  /** Starts to link up with the peers known now and with those to come. */
  public void start() {
    network.source().onChange(this::ownPrefixesChanged);
    Registry.Subscription started = directory.listen(new Arrivals());
    synchronized (lock) {
      watch = started;
    }
  }

  /** Where the mesh stands, by peer name; a snapshot. */
  public List<PeerStatus> status() {
    Map<String, List<IpPrefix>> announced = table.announced();
    synchronized (lock) {
      return peers.entrySet().stream()
          .map(entry -> status(entry.getValue(), announced.getOrDefault(entry.getKey(), List.of())))
          .toList();
    }
  }

  /**
   * A link does not work: its monitor says DOWN, or its probes are not answered. One that we
   * dialled is requested again, and torn down if that fails repeatedly.
   */
  public void linkDown(ConnectionId id, String why) {
    update(() -> withLink(id, entry -> markDown(entry, id, why)));
  }

  /** A link that was reported down works again. */
  public void linkUp(ConnectionId id) {
    update(() -> withLink(id, entry -> markUp(entry, id)));
  }

  /**
   * Tells every link our own prefixes anew; none is dropped. Called by itself when the source says
   * that they changed.
   */
  void ownPrefixesChanged() {
    table.settleAll();
    update(
        () -> {
          for (PeerEntry entry : peers.values()) {
            entry.repair = entry.outgoing.isPresent();
            entry.startAfresh(timer.instant());
            entry.incoming.values().forEach(this::answerAgain);
            decide(entry);
          }
        });
  }

  /**
   * Closes every link, side by side.
   *
   * @return completes when none is left
   */
  public CompletableFuture<Void> shutDown() {
    update(
        () -> {
          closed = true;
          watch.close();
          for (PeerEntry entry : List.copyOf(peers.values())) {
            entry.gone = true;
            decide(entry);
          }
        });
    return drained.copy();
  }

  /** {@link #shutDown}, waited for as long as one close may take. Idempotent. */
  @Override
  public void close() {
    shutDown()
        .completeOnTimeout(null, settings.dialTimeout().toNanos(), TimeUnit.NANOSECONDS)
        .join();
  }

  /** The links that we dialled, as they stand; a snapshot. */
  List<Connection> ownLinks() {
    synchronized (lock) {
      return peers.values().stream().flatMap(entry -> entry.outgoing.stream()).toList();
    }
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

  private void withLink(ConnectionId id, Consumer<PeerEntry> change) {
    table.find(id).map(link -> peers.get(link.peerName())).ifPresent(change);
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

  /** What the directory tells. */
  private final class Arrivals implements PeerDirectory.Listener {

    @Override
    public void onArrival(EndpointRecord peer) {
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

    @Override
    public void onChange(EndpointRecord before, EndpointRecord after) {
      update(
          () -> {
            if (!closed) {
              changed(entryOf(after), before, after);
            }
          });
    }

    @Override
    public void onDeparture(EndpointRecord peer) {
      table.forget(peer.localName());
      update(
          () -> {
            PeerEntry entry = peers.get(peer.localName());
            if (entry != null) {
              entry.gone = true;
              decide(entry);
            }
          });
    }

    /** Registered anew, or found in another domain, a peer is another instance. */
    private void changed(PeerEntry entry, EndpointRecord before, EndpointRecord after) {
      entry.peer = after;
      boolean other =
          !before.registered().equals(after.registered()) || !before.name().equals(after.name());
      if (other) {
        entry.rebuild = entry.outgoing.isPresent() || entry.busy;
        entry.startAfresh(timer.instant());
      }
      decide(entry);
    }
  }

  /** What the chains tell. Called in the links' lanes: memory work only. */
  private final class Links implements PrefixTable.Listener {

    @Override
    public void onEstablished(PeerLink link) {
      if (link.dialler() == Dialler.PEER) {
        update(() -> incoming(link));
      }
    }

    @Override
    public void onClosed(PeerLink link) {
      update(
          () -> {
            PeerEntry entry = peers.get(link.peerName());
            if (entry != null) {
              closed(entry, link);
            }
          });
    }

    @Override
    public void onRefused(String peer) {
      update(
          () -> {
            PeerEntry entry = peers.get(peer);
            if (entry != null) {
              refused(entry);
            }
          });
    }

    @Override
    public void onOutranked(PeerLink link, String why) {
      update(
          () -> {
            PeerEntry entry = peers.get(link.peerName());
            if (entry != null) {
              outranked(entry, link, why);
            }
          });
    }

    /** Its prefix belongs to an earlier registered peer: this link has to go. */
    private void outranked(PeerEntry entry, PeerLink link, String why) {
      backOff(entry, why);
      if (link.dialler() == Dialler.PEER) {
        closeIncoming(link.handle(), why);
      } else {
        entry.rebuild = true;
        decide(entry);
      }
    }

    private void incoming(PeerLink link) {
      PeerEntry entry = entryOf(link.peer());
      entry.gone = closed || directory.known().find(link.peerName()).isEmpty();
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
    }

    private void closed(PeerEntry entry, PeerLink link) {
      entry.suspects.remove(link.id());
      boolean removed = entry.incoming.remove(link.id()) != null;
      if (!removed && !entry.busy) {
        entry.outgoing = dial.established(entry.peer);
      }
      decide(entry);
    }

    /** Outside of a dial of ours this is a refresh: the link is no longer what we agreed to. */
    private void refused(PeerEntry entry) {
      entry.refused = true;
      if (!entry.busy && entry.outgoing.isPresent()) {
        entry.rebuild = true;
        decide(entry);
      }
    }
  }
}
