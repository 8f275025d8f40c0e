package io.vl3.mesh;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.health.Reporter;
import io.vl3.net.IpPrefix;
import io.vl3.registry.DiscoverPeers;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.FakeRegistry;
import io.vl3.registry.PeerDirectory;
import io.vl3.registry.PeerLabels;
import io.vl3.registry.PeerSearch;
import io.vl3.time.Deadline;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * A vL3 in one process: NSEs with a whole server chain and a whole mesh each, a registry in memory,
 * and calls that go straight from chain to chain. Thread-safe where its executor needs it.
 */
public final class InProcessMesh {

  /** The network service. */
  public static final String SERVICE = "vl3";

  private final Executor executor;
  private final Timer timer;
  private final FakeRegistry registry;
  private final Duration life;
  private final List<IpPrefix> pools;
  private final SortedMap<String, Nse> nses = new ConcurrentSkipListMap<>();
  private int runs;

  /** A mesh without NSEs, whose links live for 15 s; the pool is 10.60.0.0/16. */
  public InProcessMesh(Executor executor, Timer timer) {
    this(executor, timer, Duration.ofSeconds(15));
  }

  /** The same with another life of a link that is not refreshed. */
  public InProcessMesh(Executor executor, Timer timer, Duration life) {
    this.executor = executor;
    this.timer = timer;
    this.life = life;
    this.registry = new FakeRegistry(timer);
    this.pools = List.of(IpPrefix.parse("10.60.0.0/16"));
  }

  /** The registry of all. */
  public FakeRegistry registry() {
    return registry;
  }

  /** The running NSEs. */
  public Collection<Nse> nses() {
    return nses.values();
  }

  /** A running NSE. */
  public Nse nse(String name) {
    Nse nse = nses.get(name);
    if (nse == null) {
      throw new AssertionError("nse: " + name + " (expected: one of " + nses.keySet() + ")");
    }
    return nse;
  }

  /** Registers an NSE and starts its mesh. */
  public Nse start(String name, String prefix) throws EndpointException {
    return start(name, prefix, Optional.empty());
  }

  /** The same, in the place of one that was killed: it remembers its first registration. */
  public Nse start(String name, String prefix, Optional<EndpointRecord> remembered)
      throws EndpointException {
    EndpointRecord asked =
        remembered
            .orElseGet(() -> EndpointRecord.of(name, SERVICE, Map.of(), "inprocess://" + name))
            .withLabel(PeerLabels.INSTANCE, name + "#" + ++runs);
    Nse nse = new Nse(registry.register(asked), new ChangingPrefixes(prefix));
    nses.put(name, nse);
    nse.directory.start();
    nse.mesh.start();
    return nse;
  }

  /** Takes an NSE away as SIGKILL does: it neither closes nor unregisters anything. */
  public Nse kill(String name) {
    Nse nse = nse(name);
    nse.dead = true;
    nse.killed = true;
    nses.remove(name);
    nse.directory.close();
    return nse;
  }

  /** What is wrong with the mesh; empty if every pair is joined by one link and knows its way. */
  public Optional<String> fault() {
    return Optional.<String>empty()
        .or(() -> missingLinks().findFirst())
        .or(() -> nses.values().stream().flatMap(this::strangers).findFirst());
  }

  private Stream<String> missingLinks() {
    return nses.values().stream()
        .flatMap(
            one ->
                nses.tailMap(one.name() + "\0").values().stream()
                    .filter(other -> linksBetween(one, other) != 1)
                    .map(
                        other ->
                            "%s-%s: %d links"
                                .formatted(one.name(), other.name(), linksBetween(one, other))));
  }

  private Stream<String> strangers(Nse nse) {
    SortedMap<String, List<IpPrefix>> expected = new TreeMap<>();
    nses.values().forEach(other -> expected.put(other.name(), other.prefixes.current().prefixes()));
    expected.remove(nse.name());
    return expected.equals(nse.table.announced())
        ? Stream.empty()
        : Stream.of(
            "%s knows %s (expected: %s)".formatted(nse.name(), nse.table.announced(), expected));
  }

  private static int linksBetween(Nse one, Nse other) {
    return one.dialled(other) + other.dialled(one);
  }

  /** One NSE: its chains, its mesh. */
  public final class Nse {

    private final EndpointRecord self;
    private final ChangingPrefixes prefixes;
    private volatile boolean dead;
    private volatile boolean killed;
    private volatile Session.Action gate = () -> {};
    private volatile Runnable onClose = () -> {};
    private final PrefixTable table = new PrefixTable();
    private final PeerDirectory directory;
    private final EndpointRunner server;
    private final EndpointRunner client;
    private final PeerMesh mesh;

    private Nse(EndpointRecord self, ChangingPrefixes prefixes) {
      this.self = self;
      this.prefixes = prefixes;
      Vl3Network network = new Vl3Network(() -> self, prefixes, pools, List.of());
      Random random = new Random(self.name().hashCode());
      this.directory =
          new PeerDirectory(
              registry,
              new PeerSearch(() -> self, SERVICE, Map.of(), List.of()),
              PeerDirectory.Settings.DEFAULT,
              this::execute,
              timer,
              random,
              Reporter.NONE);
      this.server =
          runner(
              EndpointChain.of(
                  "server", new DiscoverPeers(directory::known), new Vl3Endpoint(network, table)));
      this.client =
          runner(
              EndpointChain.of(
                  "client",
                  new TellMesh(table),
                  new BelievePeer(network, table, directory::known),
                  new Call(this)));
      this.mesh =
          new PeerMesh(
              network,
              table,
              directory,
              client,
              MeshSettings.DEFAULT,
              MeshThreads.of(this::execute),
              timer,
              random,
              Reporter.NONE);
    }

    /** Its name. */
    public String name() {
      return self.name();
    }

    /** Its registration. */
    public EndpointRecord self() {
      return self;
    }

    /** Its mesh. */
    public PeerMesh mesh() {
      return mesh;
    }

    /** What its peers announced. */
    public PrefixTable table() {
      return table;
    }

    /** Its server chain. */
    public EndpointRunner server() {
      return server;
    }

    /** Its client chain. */
    public EndpointRunner client() {
      return client;
    }

    /** Changes what it announces. */
    public void announce(String... changed) {
      prefixes.become(changed);
    }

    /** What happens when it closes a link that it dialled. */
    public void onClose(Runnable closing) {
      onClose = closing;
    }

    /** Refuses calls as if it were unreachable, or stops doing so. */
    public void unreachable(boolean away) {
      dead = away;
    }

    /** What every request to it passes first, in the caller's thread; may block, may refuse. */
    public void gate(Session.Action passing) {
      gate = passing;
    }

    /** Where it stands with one peer. */
    public PeerStatus status(String peer) {
      return mesh.status().stream()
          .filter(status -> status.peer().equals(peer))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no peer " + peer + " in " + mesh.status()));
    }

    /** Stops in order: unregisters, closes its links and those of others to it. */
    public void stop() throws EndpointException {
      registry.unregister(self);
      var unused =
          CompletableFuture.allOf(mesh.shutDown(), server.closeAll("stop").toCompletableFuture());
      directory.close();
      nses.remove(name());
    }

    /** How many links of ours lead to the other, as both sides see them. */
    int dialled(Nse other) {
      return (int)
          client.connections().stream()
              .filter(connection -> connection.endpointName().equals(other.name()))
              .filter(
                  connection ->
                      other.server.handle(connection.requireId()).established().isPresent())
              .count();
    }

    /** Everything that it stores. */
    public int stored() {
      return server.size() + client.size() + table.size() + mesh.status().size();
    }

    private void execute(Runnable task) {
      executor.execute(
          () -> {
            if (!killed) {
              task.run();
            }
          });
    }

    private EndpointRunner runner(Endpoint chain) {
      return new EndpointRunner(chain, this::execute, timer, life);
    }

    private Connection serve(ConnectionRequest request, Deadline deadline)
        throws EndpointException {
      gate.run();
      checkAlive();
      return server.request(request, new Caller("manager"), deadline);
    }

    private void checkAlive() throws EndpointException {
      if (dead) {
        throw new EndpointException(Reason.UNAVAILABLE, "endpoint: " + name() + " is away");
      }
    }
  }

  /** The end of a client's chain: calls the endpoint that is asked for. */
  private final class Call implements Endpoint {

    private final Nse from;

    Call(Nse from) {
      this.from = from;
    }

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      from.checkAlive();
      return callee(request.connection()).serve(request, session.deadline());
    }

    @Override
    public void close(Connection connection, Session session, Next next) throws EndpointException {
      from.onClose.run();
      from.checkAlive();
      Optional<Nse> callee = Optional.ofNullable(nses.get(connection.endpointName()));
      if (callee.isPresent()) {
        callee.get().server.close(connection, new Caller("manager"), session.deadline());
      }
    }

    private Nse callee(Connection connection) throws EndpointException {
      Nse nse = nses.get(connection.endpointName());
      if (nse == null) {
        throw new EndpointException(
            Reason.UNAVAILABLE, "endpoint: " + connection.endpointName() + " is away");
      }
      return nse;
    }
  }
}
