package io.vl3.mesh.sim;

import io.vl3.failure.EndpointException;
import io.vl3.mesh.Mutation;
import io.vl3.mesh.ProbeLinks;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.PeerLabels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Nodes, NSEs, registries and the network between them. All from one seed. */
final class World implements AutoCloseable {

  static final String SERVICE = "vl3";
  static final String POOL = "10.0.0.0/8";

  /** How long it takes until a stream over a broken way breaks. */
  private static final long KEEPALIVE_NANOS = Duration.ofSeconds(4).toNanos();

  private final Scheduler scheduler;
  private final Mutation mutation;
  private final Network network;
  private final Wires wires = new Wires();
  private final List<Node.Domain> domains = new ArrayList<>();
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<Kernel, Node> byKernel = new HashMap<>();
  private int prefixes;
  private long calls;

  World(long seed, int domainCount, Mutation mutation) {
    this.scheduler = new Scheduler(new Random(seed));
    this.mutation = mutation;
    this.network = new Network(scheduler);
    for (int i = 0; i < domainCount; i++) {
      domains.add(new Node.Domain("dom" + i, new SimulatedRegistry(scheduler)));
    }
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Random random() {
    return scheduler.random();
  }

  Network network() {
    return network;
  }

  Mutation mutation() {
    return mutation;
  }

  /** Every probe is an event: many NSEs probe more rarely. */
  ProbeLinks.Settings probing() {
    return network.isInstant()
        ? new ProbeLinks.Settings(
            Duration.ofSeconds(12), Duration.ofMillis(300), 3, 2, Duration.ofSeconds(15))
        : ProbeLinks.Settings.DEFAULT;
  }

  List<Node.Domain> domains() {
    return domains;
  }

  Node.Domain domain(String name) {
    return domains.stream().filter(domain -> domain.name().equals(name)).findFirst().orElseThrow();
  }

  /** One more call from NSE to NSE. */
  void count() {
    calls++;
  }

  /** How many calls there were from NSE to NSE. */
  long calls() {
    return calls;
  }

  /** What an NSE of a domain lists as remote. */
  List<String> othersThan(Node.Domain own) {
    return domains.stream().filter(d -> !d.equals(own)).map(Node.Domain::name).toList();
  }

  Collection<Node> nodes() {
    return nodes.values();
  }

  Node node(String place) {
    Node node = nodes.get(place);
    if (node == null) {
      throw new AssertionError("place: " + place + " (expected: one of " + nodes.keySet() + ")");
    }
    return node;
  }

  /** The NSEs that run. */
  List<Nse> running() {
    return nodes.values().stream().flatMap(node -> node.running.stream()).toList();
  }

  /** A node with a prefix of its own; nothing runs there. */
  Node addNode(String name, Node.Domain domain) {
    String place = "node" + nodes.size();
    Kernel kernel = new Kernel(wires);
    Node node = new Node(place, name, domain, freshPrefix(), kernel);
    nodes.put(place, node);
    byKernel.put(kernel, node);
    return node;
  }

  void removeNode(Node node) {
    nodes.remove(node.place);
    byKernel.remove(node.kernel);
  }

  String freshPrefix() {
    int n = prefixes++;
    return "10.%d.%d.0/24".formatted(n >> 8, n & 255);
  }

  /** Starts the NSE of a node, with what the node remembers. */
  void start(Node node) {
    kill(node); // one that is still stopping
    node.due = false;
    Map<String, String> labels =
        node.role.map(role -> Map.of(PeerLabels.ROLE, role)).orElse(Map.of());
    EndpointRecord fresh = EndpointRecord.of(node.name, SERVICE, labels, node.place);
    EndpointRecord asked =
        node.remembered
            .map(held -> fresh.withName(held.name()).withTimes(held.expires(), held.registered()))
            .orElse(fresh);
    Nse nse = new Nse(this, node, asked);
    node.running = Optional.of(nse);
    nse.start();
  }

  /** Ends the NSE of a node as SIGKILL does. */
  void kill(Node node) {
    node.running.ifPresent(
        nse -> {
          nse.run().kill();
          node.running = Optional.empty();
          List.copyOf(nse.streams()).forEach(stream -> stream.broken(this));
          domains.forEach(domain -> domain.registry().forget(nse.run()));
        });
  }

  /** Has the NSE of a node stop in order. */
  void stop(Node node) {
    node.running.ifPresent(
        nse ->
            nse.run()
                .execute(
                    () -> {
                      try {
                        nse.stop();
                      } catch (EndpointException registryAway) {
                        // Left to expire.
                      }
                    }));
  }

  /** An NSE has stopped; a second later nothing of it may be left. */
  void ended(Node node, Nse nse) {
    nse.serveNoMore();
    scheduler.after(
        Duration.ofSeconds(1).toNanos(),
        () -> {
          if (node.running.filter(nse::equals).isPresent()) {
            kill(node);
            if (nse.stored() > 0) {
              throw new AssertionError("%s: left behind: %s".formatted(node, nse.leftovers()));
            }
          }
        });
  }

  /** A process's end of a stream. */
  Deliveries stream(Run run) {
    return new Deliveries(scheduler, run);
  }

  /** Streams over ways that are broken now break in a while, if they still are. */
  void breakStreams() {
    scheduler.after(
        KEEPALIVE_NANOS,
        () -> {
          domains.forEach(domain -> domain.registry().breakUnreachable());
          running().stream()
              .flatMap(nse -> List.copyOf(nse.streams()).stream())
              .filter(stream -> !network.reaches(stream.from.place, stream.to.place))
              .forEach(stream -> stream.broken(this));
        });
  }

  /** Whether a packet sent over a link arrives. */
  boolean packetsPass(Node from, String title) {
    return other(from, title)
        .filter(to -> network.reaches(from.place, to.place))
        .findFirst()
        .isPresent();
  }

  /** The node at the other end of a link, if it has one. */
  Stream<Node> other(Node from, String title) {
    return wires.other(title, from.kernel).map(byKernel::get).stream();
  }

  void run(Duration time) {
    scheduler.run(time);
    if (!scheduler.failures().isEmpty()) {
      throw new AssertionError("a task failed", scheduler.failures().get(0));
    }
  }

  @Override
  public void close() {
    scheduler.close();
  }
}
