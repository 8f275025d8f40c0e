package io.vl3.nse;

import io.vl3.cli.assembly.Threads;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.dns.DnsName;
import io.vl3.dns.NameTemplate;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.element.ConnectionBoard;
import io.vl3.failure.EndpointException;
import io.vl3.health.Reporter;
import io.vl3.internal.journal.Journal;
import io.vl3.ipam.AddressingMode;
import io.vl3.ipam.IpamEndpoint;
import io.vl3.ipam.NseState;
import io.vl3.ipam.PrefixSource;
import io.vl3.mesh.ChangingPrefixes;
import io.vl3.mesh.LeastMtu;
import io.vl3.mesh.PrefixTable;
import io.vl3.mesh.Vl3Network;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NseServer;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.manager.EmbeddedManager;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.KnownPeers;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.PeerLabels;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import io.vl3.transport.TransportUrl;
import io.vl3.transport.identity.TestAuthority;
import io.vl3.transport.identity.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A manager, an endpoint alpha, a workload, and another endpoint beta that dials the first: all
 * four with the default chains, joined by unix sockets, each with a fault switch at every place.
 * The clock moves when told to. Over TLS each has an identity of its own.
 */
final class FaultWorld {

  static final String SERVICE = "fault-service";

  private static final String DOMAIN = "fault";
  private static final String TEMPLATE = "{{ index .Labels \"podName\" }}.{{ .NetworkService }}.";

  private static final Duration TOKEN_LIFETIME = Duration.ofHours(10);
  private static final Duration LONG = Duration.ofMinutes(1);

  final Faults serverFaults = new Faults("server");
  final Faults peersFaults = new Faults("peers");
  final Faults workloadFaults = new Faults("workload");
  final Faults managerFaults = new Faults("manager");
  final FakeTimer timer = new FakeTimer();
  final EndpointRunner workloads;
  final EndpointRunner peers;

  private final Path directory;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final IoThreads io = new IoThreads(1, Threads.daemons("fault-io"));
  private final FaultPlane plane;
  private final Optional<TestAuthority> authority;
  private final Map<String, NsmRuntime> runtimes = new HashMap<>();
  private final List<ManagerAccess> accesses = new ArrayList<>();
  private final String managerUrl;
  private final EmbeddedManager manager;
  private final NseState state;
  private final NseParts alpha;
  private final NseParts beta;

  /** What beta owns; a move of its link begins here. */
  private final ChangingPrefixes betaPrefixes = new ChangingPrefixes("10.92.2.0/24");

  private final NseServer server;

  /** Builds all of it; the plane is closed with it. */
  FaultWorld(Path directory, FaultPlane plane, boolean secured) throws Exception {
    this.directory = directory;
    this.plane = plane;
    authority = secured ? Optional.of(new TestAuthority(DOMAIN)) : Optional.empty();
    TransportUrl url = new TransportUrl.Unix(directory.resolve("nsm.sock"));
    managerUrl = url.toString();
    manager =
        EmbeddedManager.builder(runtime("manager"), plane.forwarder())
            .tokenLifetime(TOKEN_LIFETIME)
            .elements(managerFaults::into)
            .listenOn(url)
            .start();
    state =
        NseState.open(
            directory.resolve("alpha.journal"), NseState.Settings.DEFAULT, executor, timer);
    alpha = nse("alpha", new ChangingPrefixes("10.92.1.0/24"), state);
    beta = nse("beta", betaPrefixes, NseState.inMemory());
    server =
        NseServer.builder(
                runtime("alpha"),
                "alpha",
                access("alpha").registry(),
                new TransportUrl.Unix(directory.resolve("alpha.sock")),
                serverFaults.into(NseChains.server(alpha)))
            .service(SERVICE, Map.of())
            .register(NetworkServiceRecord.of(SERVICE))
            .monitor(alpha.board())
            .start();
    var unused = server.registered().toCompletableFuture().get(60, TimeUnit.SECONDS);
    workloads =
        runner(workloadFaults.into(plane.workload(component("workload"), managerEnd("workload"))));
    peers = runner(peersFaults.into(NseChains.peers(beta, managerEnd("beta"))));
  }

  /** A workload's request; the exclusions make a repeat move. */
  Connection attach(Connection from, String... excluded) throws EndpointException {
    return workloads.request(
        ConnectionRequest.of(from.withIp(from.ip().withExcludedPrefixes(prefixes(excluded)))),
        Caller.SELF,
        deadline());
  }

  static Connection workload() {
    return Connection.to(SERVICE)
        .withId(new ConnectionId("workload-1"))
        .withLabels(Map.of("podName", "pod", "nat-port-forward-tcp", "80"));
  }

  /** A dial of beta's, which owns and so announces a prefix. */
  Connection dial(Connection from, String prefix) throws EndpointException {
    betaPrefixes.become(prefix);
    return peers.request(ConnectionRequest.of(from), Caller.SELF, deadline());
  }

  static Connection peerLink() {
    return Connection.to(SERVICE)
        .withId(new ConnectionId("peer-1"))
        .withEndpointName("alpha")
        .withLabels(Map.of(PeerLabels.NAME, "beta"));
  }

  Deadline deadline() {
    return Deadline.after(LONG, timer);
  }

  /** All that is held anywhere, as text. */
  String holdings() throws IOException {
    StringBuilder text = new StringBuilder(stores());
    line(text, "links of the data plane", plane.size());
    line(text, "journal", journal());
    return text.append(plane.state()).toString();
  }

  /** What is held in memory, as text. */
  String stores() {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "sessions of the workload",
        workloads.connections().stream().map(FaultWorld::ip).toList());
    line(text, "sessions of beta", peers.connections().stream().map(FaultWorld::ip).toList());
    line(text, "sessions of alpha", server.connections().stream().map(FaultWorld::ip).toList());
    line(text, "posted by alpha", alpha.board().size());
    line(text, "holders of addresses", alpha.ipam().holders());
    line(text, "bindings", alpha.ipam().bindings());
    line(text, "given out", alpha.ipam().live());
    line(text, "prefixes known to alpha", alpha.table().announced());
    line(text, "prefixes known to beta", beta.table().announced());
    line(text, "names at alpha", alpha.dns().names().addresses(DnsName.parse("pod.fault-service")));
    line(text, "named by alpha", alpha.dns().names().size());
    line(text, "name servers known to alpha", alpha.dns().peers().all());
    line(text, "name servers known to beta", beta.dns().peers().all());
    line(text, "registered", manager.registry().size());
    manager.gauges().forEach(gauge -> line(text, gauge.store(), gauge.size()));
    return text.toString();
  }

  /** The addresses of all sessions of a client's link agree, and those are the data plane's. */
  boolean agrees(Connection connection, String client) throws IOException {
    return server.connections().stream().allMatch(c -> ip(c).equals(ip(connection)))
        && plane.has(connection, client);
  }

  private static String ip(Connection connection) {
    return connection.ip().clientAddresses() + " " + connection.ip().endpointAddresses();
  }

  void close() throws Exception {
    server.close();
    accesses.forEach(ManagerAccess::close);
    manager.close();
    plane.close();
    state.close();
    io.close();
    executor.shutdownNow();
  }

  /** As another process would find it now. */
  private Map<String, String> journal() throws IOException {
    Path copy = directory.resolve("copy.journal");
    Files.copy(directory.resolve("alpha.journal"), copy, StandardCopyOption.REPLACE_EXISTING);
    try (Journal journal = Journal.open(copy, Runnable::run)) {
      return new TreeMap<>(journal.restored());
    }
  }

  private static void line(StringBuilder text, String what, Object value) {
    text.append(what).append(": ").append(value).append('\n');
  }

  private NseParts nse(String name, PrefixSource own, NseState remembered)
      throws EndpointException {
    IpamEndpoint ipam =
        NseChains.ipam(own, AddressingMode.POINT_TO_POINT, PrefixSet.EMPTY, remembered);
    EndpointRecord self = EndpointRecord.of(name, SERVICE, Map.of(), "");
    String peer = name.equals("alpha") ? "beta" : "alpha";
    KnownPeers known =
        KnownPeers.of(
            List.of(
                EndpointRecord.of(peer, SERVICE, Map.of(), "")
                    .withOwners(
                        authority.isEmpty() ? List.of() : List.of(id(peer), id("manager")))),
            true);
    return new NseParts(
        component(name),
        plane.links(name, runtime(name)),
        new ConnectionBoard(executor, 100),
        () -> known,
        runtime(name).peerIdentity(),
        ipam,
        new Vl3Network(() -> self, own, prefixes("10.92.0.0/16"), List.of()),
        new PrefixTable(),
        new LeastMtu(),
        NseParts.Dns.of(List.of(), List.of(NameTemplate.parse(TEMPLATE))),
        Map.of(),
        List.of(),
        List.of());
  }

  private NseParts.Component component(String name) {
    return new NseParts.Component(
        name, runtime(name).tokens(name, TOKEN_LIFETIME), executor, timer, Reporter.NONE);
  }

  private NseParts.Manager managerEnd(String component) throws EndpointException {
    ManagerAccess access = access(component);
    return new NseParts.Manager(access.networkService(), access.monitor());
  }

  private ManagerAccess access(String component) throws EndpointException {
    NsmRuntime runtime = runtime(component);
    ManagerAccess access =
        ManagerAccess.open(runtime, managerUrl, runtime.tokens(component, TOKEN_LIFETIME));
    accesses.add(access);
    return access;
  }

  private NsmRuntime runtime(String component) {
    return runtimes.computeIfAbsent(
        component,
        name ->
            patient(NsmRuntime.of(timer, executor, transport(name), new Random(name.hashCode()))));
  }

  /**
   * The clock of this world stands still: what a busy machine does not end in time, nobody does.
   */
  private static NsmRuntime patient(NsmRuntime usual) {
    return usual.toBuilder().requestTimeout(LONG).closeTimeout(LONG).build();
  }

  private TransportOptions transport(String component) {
    TransportOptions plain = TransportOptions.of(io, executor);
    return authority
        .map(ca -> plain.withTls(new Tls(ca.source("/" + component), timer, TOKEN_LIFETIME)))
        .orElse(plain);
  }

  private static String id(String component) {
    return "spiffe://" + DOMAIN + "/" + component;
  }

  private EndpointRunner runner(EndpointChain chain) {
    return new EndpointRunner(chain, executor, timer, LONG);
  }

  private static List<IpPrefix> prefixes(String... texts) {
    List<IpPrefix> prefixes = new ArrayList<>();
    for (String text : texts) {
      prefixes.add(IpPrefix.parse(text));
    }
    return prefixes;
  }
}
