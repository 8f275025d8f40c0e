package io.vl3.nse;

import io.vl3.connection.ConnectionId;
import io.vl3.dns.NameTable;
import io.vl3.dns.OwnName;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.element.ConnectionBoard;
import io.vl3.endpoint.element.MeasureRequests;
import io.vl3.failure.EndpointException;
import io.vl3.health.Reporter;
import io.vl3.ipam.NseState;
import io.vl3.ipam.PrefixSource;
import io.vl3.links.InstalledLinks;
import io.vl3.links.NseLinks;
import io.vl3.mesh.LeastMtu;
import io.vl3.mesh.MeshThreads;
import io.vl3.mesh.PeerMesh;
import io.vl3.mesh.PrefixTable;
import io.vl3.mesh.ProbeLinks;
import io.vl3.mesh.Vl3Network;
import io.vl3.nameserver.internal.NameServer;
import io.vl3.nsm.NsmRuntime;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.PeerDirectory;
import io.vl3.registry.PeerSearch;
import io.vl3.status.ConnectionStatus;
import io.vl3.status.NseStatus;
import io.vl3.status.NseView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole vL3 NSE: serves workloads and peers, is registered, and keeps itself linked with every
 * peer. Made by {@link #builder}. Thread-safe; {@link #start} and {@link #close} block.
 */
public final class Vl3Nse implements NseView, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Vl3Nse.class);

  private static final String STARTING_ANEW = "the endpoint starts anew";

  /** How many events a watcher of connections may be behind. */
  private static final int WATCH_QUEUE = 1000;

  private final Vl3NseBuilder settings;
  private final NsmRuntime runtime;
  private final Edges edges;
  private final NseLinks links;
  private final PrefixSource prefixes;
  private final NseState state;
  private final NseEnding ending;
  private final EndpointRecord asked;
  private final Reporter reporter;
  private final PrefixTable table = new PrefixTable();
  private final PeerDirectory directory;
  private final NseParts parts;
  private final EndpointChain serverChain;
  private final List<EndpointChain> peersChains;
  private final EndpointRunner runner;
  private final EndpointRunner client;
  private final PeerMesh mesh;
  private final Optional<ProbeLinks> probes;
  private final CompletableFuture<EndpointRecord> registered = new CompletableFuture<>();

  private volatile List<NsePresence> presences = List.of();
  private volatile Optional<NameServer> nameServer = Optional.empty();
  private volatile Optional<OwnName> ownName = Optional.empty();
  private volatile Optional<Instant> started = Optional.empty();

  /** When an NSM granted the first registration. */
  private volatile Optional<Instant> granted = Optional.empty();

  /** Newest first. Guarded by this, like all below. */
  private final Deque<AutoCloseable> companions = new ArrayDeque<>();

  private boolean joined;
  private boolean closed;

  Vl3Nse(Vl3NseBuilder settings) {
    this.settings = settings;
    this.runtime = settings.runtime;
    this.edges = settings.edges();
    this.links = settings.neededLinks();
    this.prefixes = settings.neededPrefixes();
    this.state = settings.state;
    this.ending = new NseEnding(settings.name, settings.ending, runtime.executor());
    this.reporter = runtime.reporter().of(settings.name);
    this.asked = EndpointRecord.of(settings.name, settings.service, settings.labels, "");
    this.directory = directory();
    this.parts = parts();
    this.serverChain = settings.serverChain.apply(NseChains.server(parts)).whole();
    this.peersChains =
        edges.dialling(to -> settings.peersChain.apply(NseChains.peers(parts, to)).whole());
    this.runner = runtime.runner(edges.receiving(settings.name, serverChain));
    this.runner.onRefusal(MeasureRequests.refusalsOfNse(reporter.meter()));
    this.client = runtime.runner(edges.byDomain(peersChains));
    this.mesh = mesh();
    this.probes = probes();
  }

  /**
   * Prepares an NSE.
   *
   * @param runtime threads, clock and times
   * @param name its own name, which the registry may change
   * @param service the network service that it offers, and whose other endpoints are its peers
   */
  public static Vl3NseBuilder builder(NsmRuntime runtime, String name, String service) {
    return new Vl3NseBuilder(runtime, name, service);
  }

  /**
   * Starts to serve, and in the background to register and to link up with its peers.
   *
   * @throws EndpointException if it cannot listen, or a part cannot start; nothing runs then
   */
  public void start() throws EndpointException {
    try {
      startLinks();
      startNames();
      presences = edges.serve(runner, offer());
      started = Optional.of(runtime.timer().instant());
      for (Companion companion : settings.companions) {
        add(companion.start(this));
      }
    } catch (EndpointException | RuntimeException failure) {
      close();
      throw failure;
    }
    presences.forEach(
        presence -> {
          var unused = presence.registered().thenAccept(this::join);
        });
  }

  /** Completes with the first registration that was granted, once it looks for its peers. */
  public CompletionStage<EndpointRecord> registered() {
    return registered.copy();
  }

  /** The registration as last granted: a registry that has forgotten us may give another name. */
  public EndpointRecord registration() {
    return presences.stream().findFirst().map(NsePresence::registration).orElse(asked);
  }

  /** The chain that answers workloads and peers. */
  public EndpointChain serverChain() {
    return serverChain;
  }

  /** The elements of its chains. */
  public List<Description> describe() {
    List<Description> all = new ArrayList<>();
    all.add(serverChain.description());
    peersChains.forEach(chain -> all.add(chain.description()));
    return List.copyOf(all);
  }

  @Override
  public NseStatus status() {
    return NseStatus.builder(registration().name(), settings.service)
        .started(started)
        .registered(registration().registered().or(() -> granted))
        .network(parts.network().pools())
        .pools(parts.ipam().pools())
        .noPrefix(noPrefix())
        .connections(parts.board().size(), parts.ipam().holders())
        .bindings(parts.ipam().bindings())
        .journalTrouble(state.trouble())
        .domains(directory.domains())
        .peers(mesh.status())
        .overlaps(table.overlaps())
        .links(links.status())
        .build();
  }

  @Override
  public List<ConnectionStatus> connections() {
    Map<ConnectionId, Duration> roundTrips = probes.map(ProbeLinks::roundTrips).orElse(Map.of());
    return NseConnections.of(mesh.connections(), runner.connections(), roundTrips).stream()
        .map(status -> status.over(links.interfaceName(status.connection())))
        .toList();
  }

  @Override
  public List<NameTable.Named> names() {
    return parts.dns().names().all();
  }

  @Override
  public Optional<Path> namespace() {
    return links.namespace();
  }

  @Override
  public Optional<InstalledLinks> installed() throws EndpointException {
    return links.installed();
  }

  /**
   * Unregisters, has workloads look for another endpoint, closes every connection and link;
   * remembers who had which addresses. Blocks for as long as its builder says at most. Idempotent.
   */
  @Override
  public void close() {
    if (!isToEnd()) {
      return;
    }
    state.retain();
    endWatching();
    ending.take("unregistered", () -> presences.forEach(NsePresence::withdraw));
    // Workloads look for another endpoint while links to peers still stand.
    ending.await("closed for its workloads", runner.end("the endpoint ends"));
    ending.await("closed for its peers", mesh.shutDown());
    mesh.leave(); // what could not be closed in time
    ending.take("let go of", () -> presences.forEach(NsePresence::close));
    ending.take("out of its data plane", this::endParts);
  }

  /**
   * Ends here alone, for a successor of the same name in this process or another: registration,
   * connections and links stand, so that packets pass on, and it is remembered who had which
   * addresses. Idempotent.
   */
  public void leave() {
    if (!isToEnd()) {
      return;
    }
    state.retain();
    endWatching();
    mesh.leave();
    presences.forEach(NsePresence::leave);
    runner.abandon(STARTING_ANEW);
    client.abandon(STARTING_ANEW);
    endParts();
  }

  private synchronized boolean isToEnd() {
    boolean first = !closed;
    closed = true;
    return first;
  }

  private void endWatching() {
    endCompanions();
    probes.ifPresent(ProbeLinks::close);
    directory.close();
  }

  private void endParts() {
    nameServer.ifPresent(ending::close);
    ownName.ifPresent(OwnName::close);
    links.close();
    reporter.ended();
  }

  private Optional<String> noPrefix() {
    return prefixes.current() instanceof PrefixSource.Missing missing
        ? Optional.of(missing.why())
        : Optional.empty();
  }

  private void startLinks() throws EndpointException {
    state.measureBy(reporter.meter());
    links.reportTo(reporter);
    links.start();
    links.own(prefixes.current().prefixes());
    prefixes.onChange(() -> runtime.executor().execute(this::follow));
  }

  private void follow() {
    try {
      links.own(prefixes.current().prefixes());
    } catch (EndpointException failure) {
      LOG.warn("{}: its data plane keeps the earlier prefix", settings.name, failure);
    }
  }

  private void startNames() throws EndpointException {
    if (links.place().isPresent() && parts.dns().serves()) {
      nameServer = Optional.of(NseNames.open(settings, parts, links.place().get()));
      ownName = Optional.of(NseNames.own(settings, parts));
    }
  }

  private synchronized void add(AutoCloseable companion) {
    companions.push(companion);
  }

  private void endCompanions() {
    List<AutoCloseable> started;
    synchronized (this) {
      started = List.copyOf(companions);
      companions.clear();
    }
    started.forEach(ending::close);
  }

  /** Once, whichever NSM grants first; not any more while it ends. */
  private void join(EndpointRecord registration) {
    synchronized (this) {
      if (joined || closed) {
        return;
      }
      joined = true;
      granted = Optional.of(runtime.timer().instant());
    }
    directory.start();
    mesh.start();
    probes.ifPresent(ProbeLinks::start);
    registered.complete(registration);
  }

  private NseOffer offer() {
    return new NseOffer(
        settings.name,
        settings.service,
        settings.labels,
        settings.registersService ? List.of(NetworkServiceRecord.of(settings.service)) : List.of(),
        settings.stays,
        parts.board(),
        directory::ownNameMayHaveChanged);
  }

  private Optional<ProbeLinks> probes() {
    return settings.liveness.flatMap(
        liveness ->
            links
                .probe(liveness.timeout())
                .map(
                    probe ->
                        new ProbeLinks(
                            mesh,
                            probe,
                            liveness.settings(),
                            runtime.executor(),
                            runtime.timer())));
  }

  private PeerMesh mesh() {
    return new PeerMesh(
        parts.network(),
        table,
        directory,
        client,
        settings.mesh,
        new MeshThreads(runtime.executor(), runtime.dials(), runtime.redials()),
        runtime.timer(),
        runtime.random(),
        reporter);
  }

  private PeerDirectory directory() {
    List<String> domains = new ArrayList<>(edges.domains());
    domains.addAll(settings.remoteDomains);
    return new PeerDirectory(
        edges.registry(),
        new PeerSearch(this::registration, settings.service, settings.peerLabels, domains),
        PeerDirectory.Settings.DEFAULT,
        runtime.executor(),
        runtime.timer(),
        runtime.random(),
        reporter);
  }

  private NseParts parts() {
    return new NseParts(
        new NseParts.Component(
            settings.name,
            settings.tokens.orElseGet(() -> edges.tokens(settings.name)),
            runtime.executor(),
            runtime.timer(),
            reporter),
        links,
        new ConnectionBoard(runtime.executor(), WATCH_QUEUE),
        directory::known,
        edges.identity(),
        NseChains.ipam(prefixes, settings.addressing, settings.excluded, state),
        new Vl3Network(
            this::registration,
            prefixes,
            settings.pools,
            settings.routes,
            settings.excluded,
            settings.claims),
        table,
        new LeastMtu(settings.leastMtuBytes),
        NseParts.Dns.of(settings.nameServers, settings.names),
        settings.requestLabels,
        settings.everywhere,
        settings.forWorkloads);
  }
}
