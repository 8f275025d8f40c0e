package io.vl3.mesh;

import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.health.Reporter;
import io.vl3.measure.Meter;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.PeerDirectory;
import io.vl3.registry.Registry;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Keeps us linked to every peer by exactly one link. The later registered of two dials; the other
 * does so only after some patience. If both have dialled, whose turn it was not closes its own.
 *
 * <p>Thread-safe. Incoming links come through {@link Vl3Endpoint}, outgoing ones through {@link
 * BelievePeer}; both share the {@link PrefixTable} given here.
 */
public final class PeerMesh implements AutoCloseable {

  private final Vl3Network network;
  private final PrefixTable table;
  private final PeerDirectory directory;
  private final PeerMachines machines;
  private final Duration closeTimeout;
  private final Meter meter;
  private volatile Consumer<ConnectionId> linkMade = id -> {};
  private volatile Registry.Subscription watch = () -> {};

  /**
   * A mesh; nothing happens before {@link #start}.
   *
   * @param table shared with {@link Vl3Endpoint} and {@link BelievePeer}
   * @param directory who the peers are; started and closed by its owner
   * @param client a chain with {@link BelievePeer} that ends in the manager's call; its connections
   *     are this mesh's links
   * @param threads where its work runs
   * @param timer for back-off and patience
   * @param random the jitter
   * @param reporter where the peers' states and troubles are reported
   */
  public PeerMesh(
      Vl3Network network,
      PrefixTable table,
      PeerDirectory directory,
      EndpointRunner client,
      MeshSettings settings,
      MeshThreads threads,
      Timer timer,
      RandomGenerator random,
      Reporter reporter) {
    this(
        network,
        table,
        directory,
        client,
        settings,
        MeshRules.STANDARD,
        threads,
        timer,
        random,
        reporter);
  }

  PeerMesh(
      Vl3Network network,
      PrefixTable table,
      PeerDirectory directory,
      EndpointRunner client,
      MeshSettings settings,
      MeshRules rules,
      MeshThreads threads,
      Timer timer,
      RandomGenerator random,
      Reporter reporter) {
    this.network = network;
    this.table = table;
    this.directory = directory;
    this.closeTimeout = settings.dialTimeout();
    this.meter = reporter.meter();
    PeerDial dial =
        new PeerDial(network, table, directory.search(), client, settings, timer, reporter.meter());
    this.machines =
        new PeerMachines(
            network,
            dial,
            table.uplink(),
            settings,
            rules,
            table::forget,
            threads,
            timer,
            random,
            reporter);
    table.listen(new Links());
  }

  /** Starts to link up with the peers known now and with those to come. */
  public void start() {
    network.source().onChange(this::ownPrefixesChanged);
    directory.keepWhile(peer -> machines.works(peer.name()));
    watch = directory.listen(new Arrivals());
  }

  /** Where the mesh stands, by peer name; a snapshot. */
  public List<PeerStatus> status() {
    return machines.status(table.announced());
  }

  /**
   * A link does not work: its monitor says DOWN, or its probes are not answered. One that we
   * dialled is requested again, and replaced if that fails repeatedly or does not help.
   */
  public void linkDown(ConnectionId id, String why) {
    table.find(id).ifPresent(link -> machines.linkDown(link, why));
  }

  /** A link that was reported down works again. */
  public void linkUp(ConnectionId id) {
    table.find(id).ifPresent(machines::linkUp);
  }

  /** A packet passed over a link that was reported down; it is not known yet to work again. */
  void linkAnswers(ConnectionId id) {
    table.find(id).ifPresent(machines::linkAnswers);
  }

  /**
   * Closes every link, side by side. Incoming ones are closed through the server's runner, which
   * its owner must keep until then.
   *
   * @return completes when none of our own is left
   */
  public CompletableFuture<Void> shutDown() {
    watch.close();
    table.end();
    return machines.closeAll();
  }

  /**
   * Leaves every link as it stands, for a successor of the same name, or because there was no time
   * to close it: nothing is begun any more, whatever dials under way come to. The runner of the
   * dialled ones is its owner's to {@linkplain EndpointRunner#abandon abandon}. Idempotent.
   */
  public void leave() {
    watch.close();
    machines.stop();
    table.end();
  }

  /** {@link #shutDown}, waited for as long as one dial may take. Idempotent. */
  @Override
  public void close() {
    shutDown().completeOnTimeout(null, closeTimeout.toNanos(), TimeUnit.NANOSECONDS).join();
  }

  /** The links as they stand, whoever dialled; a snapshot. */
  public List<PeerConnection> connections() {
    return table.links().stream().flatMap(link -> connection(link).stream()).toList();
  }

  private static Optional<PeerConnection> connection(PeerLink link) {
    return link.handle()
        .established()
        .map(made -> new PeerConnection(link.peerName(), link.dialler(), made));
  }

  /** The meter of the links. */
  Meter meter() {
    return meter;
  }

  /** The same for probes. */
  List<ProbedLink> links() {
    return table.links().stream().map(ProbedLink::of).flatMap(Optional::stream).toList();
  }

  /** The link of a connection as it stands; empty if there is none. */
  Optional<ProbedLink> link(ConnectionId id) {
    return table.find(id).flatMap(ProbedLink::of);
  }

  /**
   * Whether somebody reports for every link if packets pass: then a link counts as up only once
   * they have.
   */
  void probing(boolean now) {
    machines.probing(now);
  }

  /** Told, from the links' lanes, of every link that was made or refreshed. One listener. */
  void onLink(Consumer<ConnectionId> listener) {
    linkMade = listener;
  }

  /** Every link is reported; none is dropped. */
  void ownPrefixesChanged() {
    table.settleAll();
    machines.tellAll();
  }

  /** Receives the directory's events. */
  private final class Arrivals implements PeerDirectory.Listener {

    @Override
    public void onArrival(EndpointRecord peer) {
      machines.arrived(peer);
    }

    @Override
    public void onChange(EndpointRecord before, EndpointRecord after) {
      machines.changed(before, after);
    }

    @Override
    public void onDeparture(EndpointRecord peer) {
      table.forget(peer.name());
      machines.departed(peer);
    }
  }

  /** Receives the chains' events. Called in the links' lanes: memory work only. */
  private final class Links implements LinkListener {

    @Override
    public void onEstablished(PeerLink link) {
      if (link.dialler() == Dialler.PEER) {
        machines.incoming(link, () -> isKnown(link.peerName()));
      } else {
        machines.refreshed(link);
      }
      linkMade.accept(link.id());
    }

    @Override
    public void onClosed(PeerLink link) {
      machines.linkClosed(link);
    }

    @Override
    public void onRefreshFailed(PeerLink link, EndpointException why) {
      machines.refreshFailed(link, why);
    }

    @Override
    public void onRefused(String peer) {
      machines.refused(peer);
    }

    @Override
    public void onOutranked(PeerLink link, String why) {
      machines.outranked(link, why);
    }

    @Override
    public void onFreed(String peer) {
      machines.hurry(peer);
    }

    @Override
    public void onOverlap(String peer) {
      machines.tell(peer);
    }

    @Override
    public void onRemembered(String peer) {
      // One that the directory has not heard of yet may be about to be reported.
      if (directory.known().complete() && !isKnown(peer)) {
        table.forget(peer);
      }
    }

    private boolean isKnown(String peer) {
      return directory.known().find(peer).isPresent();
    }
  }
}
