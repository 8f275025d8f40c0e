package io.vl3.nsm.interop;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.Mechanism;
import io.vl3.connection.TokenSource;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.endpoint.element.ConnectionBoard;
import io.vl3.endpoint.element.ExpireConnection;
import io.vl3.endpoint.element.HealConnection;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.endpoint.element.OfferKernelInterface;
import io.vl3.endpoint.element.PublishConnection;
import io.vl3.endpoint.element.RefreshConnection;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.health.Reporter;
import io.vl3.ipam.AddressingMode;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.ipam.IpamEndpoint;
import io.vl3.ipam.PrefixSource;
import io.vl3.mesh.AgreeMtu;
import io.vl3.mesh.BelievePeer;
import io.vl3.mesh.LeastMtu;
import io.vl3.mesh.MeshSettings;
import io.vl3.mesh.MeshThreads;
import io.vl3.mesh.PeerMesh;
import io.vl3.mesh.PeerState;
import io.vl3.mesh.PrefixTable;
import io.vl3.mesh.TellMesh;
import io.vl3.mesh.Vl3Endpoint;
import io.vl3.mesh.Vl3Network;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NseServer;
import io.vl3.nsm.NsmRuntime;
import io.vl3.registry.DiscoverPeers;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.PeerDirectory;
import io.vl3.registry.PeerSearch;
import io.vl3.time.BackOff;
import io.vl3.transport.TransportUrl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A vL3 endpoint of ours for the service {@code vl3}, with its mesh, but without data plane. */
final class OwnNse implements AutoCloseable {

  static final String SERVICE = "vl3";

  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(10);
  private static final BackOff HEAL = new BackOff(Duration.ofMillis(200), Duration.ofSeconds(5));

  final NseServer server;
  final PeerMesh mesh;
  private final PeerDirectory directory;

  /** An endpoint with one prefix per pool. */
  static OwnNse start(GoMesh in, String name, List<String> prefixes, List<String> pools)
      throws Exception {
    List<IpPrefix> own = prefixes.stream().map(IpPrefix::parse).toList();
    return start(in, name, new FixedPrefixes(own), pools);
  }

  static OwnNse start(GoMesh in, String name, PrefixSource source, List<String> pools)
      throws Exception {
    return start(in, name, source, pools, OwnNames.none());
  }

  /** An endpoint that names workloads. */
  static OwnNse start(
      GoMesh in, String name, PrefixSource source, List<String> pools, OwnNames names)
      throws Exception {
    return in.closing(
        new OwnNse(
            in.runtime(), in.access(name), in.urlFor(name), name, source, pools, List.of(), names));
  }

  OwnNse(
      NsmRuntime runtime,
      ManagerAccess manager,
      TransportUrl url,
      String name,
      PrefixSource source,
      List<String> pools)
      throws Exception {
    this(runtime, manager, url, name, source, pools, List.of());
  }

  /** An endpoint that looks for peers in other domains too. */
  OwnNse(
      NsmRuntime runtime,
      ManagerAccess manager,
      TransportUrl url,
      String name,
      PrefixSource source,
      List<String> pools,
      List<String> domains)
      throws Exception {
    this(runtime, manager, url, name, source, pools, domains, OwnNames.none());
  }

  private OwnNse(
      NsmRuntime runtime,
      ManagerAccess manager,
      TransportUrl url,
      String name,
      PrefixSource source,
      List<String> pools,
      List<String> domains,
      OwnNames names)
      throws Exception {
    AtomicReference<EndpointRecord> self =
        new AtomicReference<>(EndpointRecord.of(name, SERVICE, Map.of(), ""));
    TokenSource tokens = runtime.tokens(name, TOKEN_LIFETIME);
    PrefixTable table = new PrefixTable();
    LeastMtu mtu = new LeastMtu();
    ConnectionBoard board = new ConnectionBoard(runtime.executor(), 1000);
    Vl3Network network =
        new Vl3Network(self::get, source, pools.stream().map(IpPrefix::parse).toList(), List.of());
    directory =
        new PeerDirectory(
            manager.registry(),
            new PeerSearch(self::get, SERVICE, Map.of(), domains),
            PeerDirectory.Settings.DEFAULT,
            runtime.executor(),
            runtime.timer(),
            runtime.random(),
            Reporter.NONE);
    Endpoint serving =
        EndpointChain.of(
            name,
            new UpdatePath(name, tokens, ConnectionId::random),
            new ExpireConnection(runtime.timer(), Duration.ofSeconds(1)),
            PublishConnection.on(board),
            new DiscoverPeers(directory::known, runtime.peerIdentity()),
            IpamEndpoint.of(
                source,
                AddressingMode.UNNUMBERED,
                PrefixSet.EMPTY,
                session -> session.get(DiscoverPeers.PEER).isPresent()),
            new Vl3Endpoint(network, table),
            names.answering(network),
            AgreeMtu.answering(
                mtu, id -> board.publishState(id, ConnectionState.REFRESH_REQUESTED)),
            new OfferKernelInterface("file:///proc/self/ns/net", "vl3-"));
    Endpoint dialling =
        EndpointChain.of(
            name + "-peers",
            new TellMesh(table),
            new UpdatePath(name, tokens, ConnectionId::random),
            new RefreshConnection(runtime.timer()),
            new HealConnection(
                manager.monitor(),
                runtime.timer(),
                LivenessProbe.NONE,
                runtime.executor(),
                HEAL,
                runtime.random(),
                true),
            AgreeMtu.dialling(mtu),
            new AskKernel(),
            names.dialling(network, directory::known),
            new BelievePeer(network, table, directory::known, runtime.peerIdentity()),
            manager.networkService());
    mesh =
        new PeerMesh(
            network,
            table,
            directory,
            new EndpointRunner(
                dialling, runtime.executor(), runtime.timer(), runtime.requestTimeout()),
            MeshSettings.DEFAULT,
            new MeshThreads(runtime.executor(), runtime.dials(), runtime.redials()),
            runtime.timer(),
            runtime.random(),
            Reporter.NONE);
    server =
        NseServer.builder(runtime, name, manager.registry(), url, serving)
            .service(SERVICE, Map.of())
            .register(NetworkServiceRecord.of(SERVICE))
            .monitor(board)
            .start();
    self.set(server.registered().toCompletableFuture().get(60, TimeUnit.SECONDS));
    directory.start();
    mesh.start();
  }

  /** Whether it is linked with a peer. */
  boolean isUp(String peer) {
    return mesh.status().stream()
        .anyMatch(status -> status.peer().equals(peer) && status.state() == PeerState.UP);
  }

  @Override
  public void close() {
    directory.close();
    var links = mesh.shutDown();
    server.close();
    links.completeOnTimeout(null, 5, TimeUnit.SECONDS).join();
  }

  /** Asks for mechanism KERNEL. */
  private static final class AskKernel implements Endpoint {

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      return next.request(
          request.withMechanismPreferences(
              List.of(
                  Mechanism.local(
                      Mechanism.KERNEL,
                      Map.of(
                          Mechanism.NAME,
                          "vl3-peer",
                          Mechanism.INODE_URL,
                          "file:///proc/self/ns/net")))));
    }

    @Override
    public Description description() {
      return Description.of(this).doing("asks for a kernel interface");
    }
  }
}
