package io.vl3.cli.assembly;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.DnsConfig;
import io.vl3.connection.TokenSource;
import io.vl3.dns.NameTable;
import io.vl3.dns.NameTemplate;
import io.vl3.dns.NameWorkload;
import io.vl3.dns.PeerServers;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.element.AddLabels;
import io.vl3.endpoint.element.ConnectionBoard;
import io.vl3.endpoint.element.EndWhenIdle;
import io.vl3.endpoint.element.ExpireConnection;
import io.vl3.endpoint.element.HealConnection;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.endpoint.element.ProbeConnection;
import io.vl3.endpoint.element.PublishConnection;
import io.vl3.endpoint.element.RefreshConnection;
import io.vl3.endpoint.element.SetDnsContext;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.ipam.AddressingMode;
import io.vl3.ipam.IpamEndpoint;
import io.vl3.ipam.NseState;
import io.vl3.ipam.PrefixSource;
import io.vl3.mesh.AgreeMtu;
import io.vl3.mesh.BelievePeer;
import io.vl3.mesh.ExchangeServers;
import io.vl3.mesh.LeastMtu;
import io.vl3.mesh.PrefixTable;
import io.vl3.mesh.TellMesh;
import io.vl3.mesh.Vl3Endpoint;
import io.vl3.mesh.Vl3Network;
import io.vl3.net.PrefixSet;
import io.vl3.registry.DiscoverPeers;
import io.vl3.registry.KnownPeers;
import io.vl3.registry.PeerIdentity;
import io.vl3.time.BackOff;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The chains that {@code vl3 run} and {@code vl3 client} consist of, in one place. */
final class DefaultChain {

  private static final Duration EXPIRY_MARGIN = Duration.ofSeconds(5);
  private static final BackOff HEAL = new BackOff(Duration.ofMillis(200), Duration.ofSeconds(5));

  private static final Logger LOG = LoggerFactory.getLogger(DefaultChain.class);

  private DefaultChain() {}

  /** The component that the chains belong to. */
  record Component(String name, TokenSource tokens, Executor executor, Timer timer) {

    UpdatePath updatePath() {
      return new UpdatePath(name, tokens, ConnectionId::random);
    }
  }

  /** What an NSE's two chains are built from. */
  record Nse(
      Component component,
      NseLinks links,
      ConnectionBoard board,
      Supplier<KnownPeers> peers,
      PeerIdentity identity,
      IpamEndpoint ipam,
      Vl3Network network,
      PrefixTable table,
      LeastMtu mtu,
      Dns dns,
      Map<String, String> requestLabels,
      Optional<EndWhenIdle> idle) {}

  /**
   * What an NSE has to do with DNS.
   *
   * @param foreign servers that workloads are told of
   * @param templates how it names workloads; empty: it has no name server
   * @param names who has which name
   * @param peers the peers' name servers
   */
  record Dns(
      List<DnsConfig> foreign, List<NameTemplate> templates, NameTable names, PeerServers peers) {

    static Dns of(List<DnsConfig> foreign, List<NameTemplate> templates) {
      return new Dns(foreign, templates, new NameTable(), new PeerServers());
    }

    boolean serves() {
      return !templates.isEmpty();
    }
  }

  /** Addresses for workloads; peers take none. */
  static IpamEndpoint ipam(
      PrefixSource prefixes, AddressingMode addressing, PrefixSet excluded, NseState state) {
    return IpamEndpoint.of(
        prefixes,
        addressing,
        excluded,
        session -> session.get(DiscoverPeers.PEER).isPresent(),
        state);
  }

  /** Where a client chain ends: a manager and what it tells of its connections. */
  record Manager(Endpoint networkService, ConnectionMonitor monitor) {}

  /** What a workload or a peer asks. */
  static EndpointChain server(Nse nse) {
    Component component = nse.component();
    List<Endpoint> elements = new ArrayList<>();
    elements.add(component.updatePath());
    nse.idle().ifPresent(elements::add);
    elements.add(new ExpireConnection(component.timer(), EXPIRY_MARGIN));
    elements.add(PublishConnection.on(nse.board()));
    elements.addAll(nse.links().programming());
    elements.add(new DiscoverPeers(nse.peers(), nse.identity()));
    elements.add(nse.ipam());
    elements.add(new Vl3Endpoint(nse.network(), nse.table()));
    if (nse.dns().serves()) {
      elements.add(ExchangeServers.answering(nse.network(), nse.dns().peers()));
      elements.add(
          new NameWorkload(nse.dns().templates(), nse.dns().names(), nse.network()::pools));
    }
    elements.add(AgreeMtu.answering(nse.mtu(), id -> askAnew(nse.board(), id)));
    elements.add(new SetDnsContext(nse.dns().foreign()));
    elements.add(nse.links().offering());
    return EndpointChain.of("vl3-server", elements);
  }

  private static void askAnew(ConnectionBoard board, ConnectionId own) {
    boolean known = board.publishState(own, ConnectionState.REFRESH_REQUESTED);
    LOG.debug("connection {}: asked to ask anew, {}", own, known ? "known" : "unknown");
  }

  /** How we ask a peer. The peer stays the same whatever happens; the mesh decides about it. */
  static EndpointChain peers(Nse nse, Manager manager) {
    Component component = nse.component();
    List<Endpoint> elements = new ArrayList<>();
    elements.add(new TellMesh(nse.table()));
    elements.add(component.updatePath());
    elements.add(new RefreshConnection(component.timer()));
    elements.add(heal(component, manager, LivenessProbe.NONE, true));
    elements.add(new AddLabels(nse.requestLabels()));
    elements.add(AgreeMtu.dialling(nse.mtu()));
    elements.addAll(nse.links().asking());
    if (nse.dns().serves()) {
      elements.add(ExchangeServers.dialling(nse.network(), nse.dns().peers(), nse.peers()));
    }
    elements.add(new BelievePeer(nse.network(), nse.table(), nse.peers(), nse.identity()));
    elements.add(manager.networkService());
    return EndpointChain.of("vl3-peers", elements);
  }

  /**
   * How a workload asks.
   *
   * @param onAttached told who serves it, whenever that has changed
   */
  static EndpointChain workload(
      Component component,
      Manager manager,
      LivenessProbe probe,
      String netnsUrl,
      String interfaceName,
      Consumer<Connection> onAttached) {
    return EndpointChain.of(
        "vl3-client",
        new TellAttachment(onAttached),
        component.updatePath(),
        new RefreshConnection(component.timer()),
        heal(component, manager, probe, false),
        new ProbeConnection(
            probe, ProbeConnection.Settings.DEFAULT, component.timer(), component.executor()),
        new AskKernelInterface(netnsUrl, id -> interfaceName),
        manager.networkService());
  }

  private static HealConnection heal(
      Component component, Manager manager, LivenessProbe probe, boolean keepEndpoint) {
    return new HealConnection(
        manager.monitor(),
        component.timer(),
        probe,
        component.executor(),
        HEAL,
        RandomGenerator.getDefault(),
        keepEndpoint);
  }
}
