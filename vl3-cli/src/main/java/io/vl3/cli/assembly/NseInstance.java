package io.vl3.cli.assembly;

import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.NseSettings;
import io.vl3.cli.config.NsmConfig;
import io.vl3.cli.metrics.NseFigures;
import io.vl3.connection.Connection;
import io.vl3.connection.DnsConfig;
import io.vl3.dns.OwnName;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.Reason;
import io.vl3.endpoint.element.ConnectionBoard;
import io.vl3.endpoint.element.EndWhenIdle;
import io.vl3.ipam.NseState;
import io.vl3.ipam.PrefixSource;
import io.vl3.mesh.LeastMtu;
import io.vl3.mesh.MeshSettings;
import io.vl3.mesh.PeerMesh;
import io.vl3.mesh.PrefixTable;
import io.vl3.mesh.ProbeLinks;
import io.vl3.mesh.Vl3Network;
import io.vl3.nameserver.NameServer;
import io.vl3.nameserver.NameServerSettings;
import io.vl3.nameserver.SocketPlace;
import io.vl3.nameserver.Zone;
import io.vl3.net.PrefixSet;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NseServer;
import io.vl3.nsm.NsmRuntime;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.PeerDirectory;
import io.vl3.registry.PeerLabels;
import io.vl3.registry.PeerSearch;
import io.vl3.transport.TransportUrl;
import io.vl3.vpp.VppStatus;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One NSE of a configuration: its chains, its registration, its peer mesh. */
final class NseInstance implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NseInstance.class);
  private static final int WATCH_QUEUE = 1000;

  private final EndpointConfig config;
  private final Node node;
  private final NseSettings settings;
  private final Optional<EndWhenIdle> idle;
  private final int leastMtuBytes;
  private final NsmRuntime runtime;
  private final ManagerAccess manager;
  private final NseState state;
  private final Map<String, String> labels;
  private final EndpointRecord asked;
  private final PrefixTable table = new PrefixTable();
  private final PeerDirectory directory;
  private final DefaultChain.Nse parts;
  private final EndpointChain serverChain;
  private final EndpointChain peersChain;
  private final PeerMesh mesh;
  private final Optional<ProbeLinks> probes;
  private final Supplier<Optional<VppStatus>> agent;
  private final Optional<SocketPlace> place;
  private volatile Optional<NseServer> server = Optional.empty();
  private volatile Optional<NameServer> nameServer = Optional.empty();
  private volatile Optional<OwnName> ownName = Optional.empty();

  /**
   * An NSE; nothing happens before {@link #start}.
   *
   * @param links what its data plane puts into the chains
   * @param state what it remembers; its owner closes it
   * @param nsm how it behaves, and where else its peers may be
   * @param idle counts its connections, to end the process when there is none
   * @param leastMtuBytes what no workload may make the others go below
   */
  NseInstance(
      EndpointConfig config,
      NseLinks links,
      PrefixSource prefixes,
      NseState state,
      NsmConfig nsm,
      Optional<EndWhenIdle> idle,
      int leastMtuBytes,
      Node node) {
    this.config = config;
    this.leastMtuBytes = leastMtuBytes;
    this.settings = nsm.nse();
    this.idle = idle;
    this.node = node;
    this.runtime = node.runtime();
    this.manager = node.manager();
    this.state = state;
    this.agent = links.agent();
    this.place = links.place();
    this.labels = labels(config);
    this.asked = EndpointRecord.of(config.name(), config.service(), labels, "");
    this.directory = directory(nsm.remoteDomains());
    this.parts = parts(links, prefixes, state);
    this.serverChain = DefaultChain.server(parts);
    this.peersChain = DefaultChain.peers(parts, managerEnd());
    this.mesh =
        mesh(
            new EndpointRunner(
                peersChain, runtime.executor(), runtime.timer(), runtime.requestTimeout()));
    this.probes = settings.liveness().map(liveness -> probes(liveness, links));
  }

  /** What answers workloads and peers. */
  EndpointChain serverChain() {
    return serverChain;
  }

  /** What its chains consist of. */
  List<Description> describe() {
    return List.of(serverChain.description(), peersChain.description());
  }

  /**
   * Starts to serve, and in the background to register and to link up with its peers.
   *
   * @return completes with the registration
   */
  CompletionStage<EndpointRecord> start(TransportUrl listenOn) throws EndpointException {
    nameServer = openNameServer();
    ownName = nameServer.map(opened -> ownName());
    NseServer.Builder preparing =
        NseServer.builder(runtime, config.name(), manager.registry(), listenOn, serverChain)
            .service(config.service(), labels)
            .monitor(parts.board())
            .stayRegistered(!settings.unregisterItself());
    if (settings.registerService()) {
      preparing.register(NetworkServiceRecord.of(config.service()));
    }
    NseServer started = preparing.start();
    server = Optional.of(started);
    return started.registered().thenApply(this::join);
  }

  /** How it is doing. */
  NseFigures figures() {
    return new NseFigures(
        self().name(),
        config.service(),
        parts.board().size(),
        parts.ipam().bindings(),
        state.trouble().isPresent(),
        directory.domains(),
        mesh.status(),
        table.overlaps(),
        agent.get().map(NseInstance::figures));
  }

  private static NseFigures.Agent figures(VppStatus agent) {
    boolean up = agent.state() == VppStatus.State.UP || agent.state() == VppStatus.State.DEGRADED;
    return new NseFigures.Agent(up, agent.links(), agent.problems().size());
  }

  /** Unregisters, closes every connection and link; remembers who had which addresses. */
  @Override
  public void close() {
    state.retain();
    probes.ifPresent(ProbeLinks::close);
    directory.close();
    var links = mesh.shutDown();
    server.ifPresent(NseServer::close);
    nameServer.ifPresent(this::end);
    ownName.ifPresent(OwnName::close);
    links.completeOnTimeout(null, runtime.closeTimeout().toMillis(), TimeUnit.MILLISECONDS).join();
  }

  private Optional<NameServer> openNameServer() throws EndpointException {
    if (place.isEmpty() || !parts.dns().serves()) {
      return Optional.empty();
    }
    Zone zone =
        Zone.of(
            parts.dns().names(), config.nameTemplates(), config.service(), parts.network()::pools);
    try {
      return Optional.of(
          NameServer.open(
              zone,
              parts.dns().peers(),
              NameServerSettings.DEFAULT.withForeignNames(config.foreignNames()),
              place.get(),
              runtime.executor(),
              runtime.timer(),
              runtime.random()));
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "%s [dns of %s]".formatted(failure.getMessage(), config.name()),
          failure);
    }
  }

  private OwnName ownName() {
    return OwnName.in(
        parts.dns().names(),
        config.nameTemplates(),
        Connection.to(config.service()).withLabels(config.labels()),
        parts.network()::ownAddress,
        parts.network().source());
  }

  private void end(NameServer opened) {
    try {
      opened.close();
    } catch (IOException failure) {
      LOG.warn("{}: its name server", config.name(), failure);
    }
  }

  /** The registration as last granted: a registry that has forgotten us may give another name. */
  private EndpointRecord self() {
    return server.map(NseServer::registration).orElse(asked);
  }

  private EndpointRecord join(EndpointRecord registered) {
    directory.start();
    mesh.start();
    probes.ifPresent(ProbeLinks::start);
    return registered;
  }

  /** What it is registered with: the file's labels, and which run of it this is. */
  private static Map<String, String> labels(EndpointConfig config) {
    Map<String, String> labels = new HashMap<>(config.labels());
    labels.put(PeerLabels.INSTANCE, UUID.randomUUID().toString());
    config.mesh().role().ifPresent(role -> labels.put(PeerLabels.ROLE, role));
    return labels;
  }

  private ProbeLinks probes(NseSettings.Liveness liveness, NseLinks links) {
    ProbeLinks.Settings standard = ProbeLinks.Settings.DEFAULT;
    return new ProbeLinks(
        mesh,
        links.probe().apply(liveness.timeout()),
        standard.every(liveness.interval()),
        runtime.executor(),
        runtime.timer());
  }

  private PeerMesh mesh(EndpointRunner links) {
    return new PeerMesh(
        parts.network(),
        table,
        directory,
        links,
        MeshSettings.DEFAULT,
        runtime.executor(),
        runtime.timer(),
        runtime.random());
  }

  private PeerDirectory directory(List<String> remoteDomains) {
    return new PeerDirectory(
        manager.registry(),
        new PeerSearch(this::self, config.service(), config.mesh().peerLabels(), remoteDomains),
        PeerDirectory.Settings.DEFAULT,
        runtime.executor(),
        runtime.timer(),
        runtime.random());
  }

  private DefaultChain.Nse parts(NseLinks links, PrefixSource prefixes, NseState state) {
    return new DefaultChain.Nse(
        component(),
        links,
        new ConnectionBoard(runtime.executor(), WATCH_QUEUE),
        directory::known,
        runtime.peerIdentity(),
        DefaultChain.ipam(
            prefixes, config.ipam().addressing(), PrefixSet.of(config.ipam().excluded()), state),
        new Vl3Network(
            this::self,
            prefixes,
            config.ipam().pools(),
            config.ipam().routes(),
            PrefixSet.of(config.ipam().excluded()),
            config.ipam().claims()),
        table,
        new LeastMtu(leastMtuBytes),
        DefaultChain.Dns.of(dns(), config.nameTemplates()),
        settings.requestLabels(),
        idle);
  }

  private DefaultChain.Component component() {
    return new DefaultChain.Component(
        config.name(), node.tokens(config.name()), runtime.executor(), runtime.timer());
  }

  private List<DnsConfig> dns() {
    return config.nameServers().isEmpty()
        ? List.of()
        : List.of(new DnsConfig(config.nameServers(), config.dnsZones()));
  }

  private DefaultChain.Manager managerEnd() {
    return new DefaultChain.Manager(manager.networkService(), manager.monitor());
  }
}
