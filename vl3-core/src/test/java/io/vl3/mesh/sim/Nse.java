package io.vl3.mesh.sim;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.Route;
import io.vl3.connection.Token;
import io.vl3.connection.TokenSource;
import io.vl3.dataplane.LeftoverSweeper;
import io.vl3.dataplane.LinkProgram;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.SimulatedLanes;
import io.vl3.endpoint.element.ConnectionBoard;
import io.vl3.endpoint.element.ExpireConnection;
import io.vl3.endpoint.element.HealConnection;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.endpoint.element.ProgramLink;
import io.vl3.endpoint.element.PublishConnection;
import io.vl3.endpoint.element.RefreshConnection;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.health.Reporter;
import io.vl3.ipam.AddressingMode;
import io.vl3.ipam.IpamEndpoint;
import io.vl3.mesh.BelievePeer;
import io.vl3.mesh.ChangingPrefixes;
import io.vl3.mesh.MeshSettings;
import io.vl3.mesh.PeerMesh;
import io.vl3.mesh.PrefixTable;
import io.vl3.mesh.ProbeLinks;
import io.vl3.mesh.TellMesh;
import io.vl3.mesh.Vl3Endpoint;
import io.vl3.mesh.Vl3Network;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import io.vl3.registry.DiscoverPeers;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.PeerDirectory;
import io.vl3.registry.PeerLabels;
import io.vl3.registry.PeerSearch;
import io.vl3.time.BackOff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** One run of an NSE: the chains and the mesh that {@code vl3 run} builds, on simulated ground. */
final class Nse {

  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(10);
  private static final BackOff HEAL = new BackOff(Duration.ofMillis(200), Duration.ofSeconds(5));

  private final World world;
  private final Node node;
  private final Run run;
  private final SimulatedTimer timer;
  private final Random random;
  private final ChangingPrefixes prefixes;
  private final PrefixTable table;
  private final ConnectionBoard board;
  private final LinkProgram program;
  private final LeftoverSweeper leftovers;
  private final Registrar registrar;
  private final PeerDirectory directory;
  private final EndpointRunner server;
  private final EndpointRunner client;
  private final PeerMesh mesh;
  private final ProbeLinks probes;
  private final List<Monitor.Stream> streams = new ArrayList<>();
  private EndpointRecord self;
  private boolean joined;
  private boolean serving = true;

  Nse(World world, Node node, EndpointRecord asked) {
    this.world = world;
    this.node = node;
    this.run = new Run(world.scheduler());
    this.timer = new SimulatedTimer(world.scheduler(), run, node.skew);
    this.random = new Random(world.scheduler().random().nextLong());
    this.prefixes = new ChangingPrefixes(node.prefix);
    this.table = world.mutation().table();
    this.board = new ConnectionBoard(run, 1000);
    this.program = new LinkProgram(node.kernel.programmedBy(run));
    this.leftovers =
        new LeftoverSweeper(
            program,
            new SimulatedTimer(world.scheduler(), run, node.skew),
            run,
            Duration.ofSeconds(40),
            false,
            TIMEOUT);
    this.self = asked.withLabel(PeerLabels.INSTANCE, Long.toHexString(random.nextLong()));
    RegistryClient registry = new RegistryClient(world, node, run);
    this.registrar = new Registrar(registry, self, run, timer, random, this::registered);
    PeerSearch search =
        new PeerSearch(() -> self, World.SERVICE, Map.of(), world.othersThan(node.domain));
    this.directory =
        new PeerDirectory(
            registry, search, PeerDirectory.Settings.DEFAULT, run, timer, random, Reporter.NONE);
    Vl3Network network =
        new Vl3Network(() -> self, prefixes, List.of(IpPrefix.parse(World.POOL)), List.of());
    this.server = runner(serverChain(network));
    this.client = runner(clientChain(network));
    this.mesh =
        world
            .mutation()
            .mesh(network, table, directory, client, MeshSettings.DEFAULT, run, timer, random);
    this.probes = new ProbeLinks(mesh, this::packetsPass, world.probing(), run, timer);
  }

  void start() {
    registrar.start();
    leftovers.look();
  }

  /** Stops in order; within a task. */
  void stop() throws EndpointException {
    try {
      registrar.close();
    } finally {
      probes.close();
      leftovers.close();
      directory.close();
      var unused =
          CompletableFuture.allOf(mesh.shutDown(), server.end("stop").toCompletableFuture())
              .whenComplete((done, failure) -> world.ended(node, this));
    }
  }

  /** What comes from now on finds nobody listening. */
  void serveNoMore() {
    serving = false;
  }

  boolean isServing() {
    return serving;
  }

  void announce(String prefix) {
    prefixes.become(prefix);
  }

  String name() {
    return self.name();
  }

  EndpointRecord self() {
    return self;
  }

  boolean hasJoined() {
    return joined;
  }

  Node node() {
    return node;
  }

  Run run() {
    return run;
  }

  ConnectionBoard board() {
    return board;
  }

  List<Monitor.Stream> streams() {
    return streams;
  }

  EndpointRunner server() {
    return server;
  }

  EndpointRunner client() {
    return client;
  }

  PrefixTable table() {
    return table;
  }

  PeerMesh mesh() {
    return mesh;
  }

  /** Whether packets to a prefix go to another NSE. */
  boolean leadsTo(IpPrefix prefix, Nse other) {
    return node.kernel.links().stream()
        .filter(link -> Kernel.routes(link).contains(Route.to(prefix)))
        .allMatch(link -> world.other(node, link.title()).anyMatch(other.node::equals));
  }

  List<IpPrefix> prefixes() {
    return prefixes.current().prefixes();
  }

  /** How much it stores. */
  int stored() {
    return leftovers().values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Everything that it stores. */
  Map<String, Integer> leftovers() {
    return new TreeMap<>(
        Map.of(
            "served", server.size(),
            "dialled", client.size(),
            "prefix table", table.size(),
            "peers", mesh.status().size(),
            "posted", board.size(),
            "links", program.size(),
            "timers", timer.waiting()));
  }

  private void registered(EndpointRecord granted) {
    self = granted;
    node.remembered = Optional.of(granted);
    if (!joined) {
      joined = true;
      directory.start();
      mesh.start();
      probes.start();
    }
  }

  private boolean packetsPass(Connection link) {
    return world.packetsPass(node, Kernel.title(link.path()));
  }

  private EndpointRunner runner(EndpointChain chain) {
    return SimulatedLanes.runner(
        chain, run, timer, TIMEOUT, () -> new SimulatedLock(world.scheduler()));
  }

  private EndpointChain serverChain(Vl3Network network) {
    return EndpointChain.of(
        "server",
        updatePath(),
        new ExpireConnection(timer, Duration.ofSeconds(5)),
        PublishConnection.on(board),
        new DiscoverPeers(directory::known),
        IpamEndpoint.of(
            prefixes,
            AddressingMode.POINT_TO_POINT,
            PrefixSet.EMPTY,
            session -> session.get(DiscoverPeers.PEER).isPresent()),
        new Vl3Endpoint(network, table),
        new ProgramLink(program, Kernel.factory(false), timer, TIMEOUT));
  }

  private EndpointChain clientChain(Vl3Network network) {
    Monitor monitor = new Monitor(world, node, run);
    return EndpointChain.of(
        "client",
        new TellMesh(table),
        updatePath(),
        new RefreshConnection(timer),
        new HealConnection(monitor, timer, LivenessProbe.NONE, run, HEAL, random, true),
        new ProgramLink(program, Kernel.factory(true), timer, TIMEOUT),
        new BelievePeer(network, table, directory::known),
        new Call(world, node, monitor));
  }

  private UpdatePath updatePath() {
    TokenSource tokens = () -> new Token("token", timer.instant().plus(TOKEN_LIFETIME));
    return new UpdatePath(
        node.place, tokens, () -> new ConnectionId(Long.toHexString(random.nextLong())));
  }
}
