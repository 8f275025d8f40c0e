package io.vl3.nse;

import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionState;
import io.vl3.dns.NameWorkload;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.element.AddLabels;
import io.vl3.endpoint.element.ConnectionBoard;
import io.vl3.endpoint.element.ExpireConnection;
import io.vl3.endpoint.element.HealConnection;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.endpoint.element.MeasureRequests;
import io.vl3.endpoint.element.PublishConnection;
import io.vl3.endpoint.element.RefreshConnection;
import io.vl3.endpoint.element.ReportConnections;
import io.vl3.endpoint.element.SetDnsContext;
import io.vl3.ipam.AddressingMode;
import io.vl3.ipam.IpamEndpoint;
import io.vl3.ipam.NseState;
import io.vl3.ipam.PrefixSource;
import io.vl3.mesh.AgreeMtu;
import io.vl3.mesh.BelievePeer;
import io.vl3.mesh.ExchangeServers;
import io.vl3.mesh.TellMesh;
import io.vl3.mesh.Vl3Endpoint;
import io.vl3.net.PrefixSet;
import io.vl3.registry.DiscoverPeers;
import io.vl3.time.BackOff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The chains that an NSE consists of unless its maker changes them, in one place. */
final class NseChains {

  private static final Duration EXPIRY_MARGIN = Duration.ofSeconds(5);
  private static final BackOff HEAL = new BackOff(Duration.ofMillis(200), Duration.ofSeconds(5));

  private static final Logger LOG = LoggerFactory.getLogger(NseChains.class);

  private NseChains() {}

  /** Addresses for workloads, and for peers whose links are numbered; other peers take none. */
  static IpamEndpoint ipam(
      PrefixSource prefixes, AddressingMode addressing, PrefixSet excluded, NseState state) {
    return IpamEndpoint.of(
        prefixes,
        addressing,
        excluded,
        session -> session.get(DiscoverPeers.PEER).filter(peer -> !peer.numbered()).isPresent(),
        state);
  }

  /** The chain that a workload or a peer asks. */
  static EndpointChain server(NseParts nse) {
    NseParts.Component component = nse.component();
    List<Endpoint> elements = new ArrayList<>();
    elements.add(
        MeasureRequests.ofNse(
            component.reporter().meter(), session -> session.get(DiscoverPeers.PEER).isPresent()));
    elements.add(component.updatePath());
    elements.addAll(nse.everywhere());
    elements.add(new ExpireConnection(component.timer(), EXPIRY_MARGIN));
    elements.add(PublishConnection.on(nse.board()));
    elements.addAll(nse.links().programming());
    elements.add(new DiscoverPeers(nse.peers(), nse.identity()));
    elements.add(new ForWorkloads(new ReportConnections(component.reporter())));
    nse.forWorkloads().forEach(element -> elements.add(new ForWorkloads(element)));
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
  static EndpointChain peers(NseParts nse, NseParts.Manager manager) {
    NseParts.Component component = nse.component();
    List<Endpoint> elements = new ArrayList<>();
    elements.add(new TellMesh(nse.table()));
    elements.add(component.updatePath());
    elements.add(new RefreshConnection(component.timer(), component.reporter().meter()));
    elements.add(heal(component, manager));
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

  private static HealConnection heal(NseParts.Component component, NseParts.Manager manager) {
    return new HealConnection(
        manager.monitor(),
        component.timer(),
        LivenessProbe.NONE,
        component.executor(),
        HEAL,
        RandomGenerator.getDefault(),
        true,
        component.reporter().meter());
  }
}
