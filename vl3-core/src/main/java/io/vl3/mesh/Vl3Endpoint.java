package io.vl3.mesh;

import io.opentelemetry.api.trace.Span;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.IpContext;
import io.vl3.connection.Route;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.registry.DiscoverPeers;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.Peer;
import io.vl3.registry.PeerLabels;
import io.vl3.tracing.Tracing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a connection a part of the vL3. A workload gets routes to the whole network, behind those
 * that the address assignment gave it. A peer is shown our first addresses and prefixes, and its
 * own are taken if they can be believed.
 *
 * <p>Stands behind {@link DiscoverPeers} and address assignment, before the link is programmed.
 */
public final class Vl3Endpoint implements Endpoint {

  /** Enough to notice what cuts an endpoint off, and few pings. */
  private static final int PEERS_NAMED = 4;

  /** As many as OpenTelemetry takes for a span is more than anybody looks at. */
  private static final int LINKS_NAMED = 32;

  private final Vl3Network network;
  private final PrefixTable table;

  /**
   * The element.
   *
   * @param table where learnt prefixes are noted; the mesh's
   */
  public Vl3Endpoint(Vl3Network network, PrefixTable table) {
    this.network = network;
    this.table = table;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Optional<Peer> peer = session.get(DiscoverPeers.PEER);
    return peer.isPresent()
        ? peer(request, peer.get(), session, next)
        : workload(request, session, next);
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    session.onCommit("forget the peer's prefixes", () -> table.release(session.id()));
    next.close(connection);
  }

  @Override
  public Description description() {
    return Description.of(this)
        .doing("routes for workloads, exchange of prefixes with peers")
        .after(DiscoverPeers.class);
  }

  private Connection workload(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Optional<String> dispute = table.dispute();
    if (dispute.isPresent() && session.established().isEmpty()) {
      throw new EndpointException(Reason.CONFLICT, dispute.get());
    }
    session.onCommit("forget what it announced as a peer", () -> table.release(session.id()));
    nameTraces();
    return next.request(
        request.mapConnection(connection -> withPeers(withNetworkRoutes(connection))));
  }

  /** Packets of the workload rely on the links to peers, which were made in traces of their own. */
  private void nameTraces() {
    if (Span.current().isRecording()) {
      table.links().stream()
          .limit(LINKS_NAMED)
          .forEach(link -> Tracing.relyOn(link.trace(), Tracing.PEER, link.peerName()));
    }
  }

  /**
   * Names some peers that we are linked to, by whom a workload sees that packets pass through us.
   * While there are none it keeps what it knows, which it was told before a restart of ours.
   */
  private Connection withPeers(Connection connection) {
    List<IpAddress> peers =
        table.links().stream()
            .map(ProbedLink::of)
            .flatMap(Optional::stream)
            .flatMap(link -> link.connection().ip().endpointAddresses().stream().limit(1))
            .map(InterfaceAddress::address)
            .distinct()
            .limit(PEERS_NAMED)
            .toList();
    return peers.isEmpty()
        ? connection
        : connection.withContext(connection.context().withBeyond(peers));
  }

  private Connection withNetworkRoutes(Connection connection) {
    IpContext ip = connection.ip();
    Set<IpPrefix> ours = new LinkedHashSet<>(networks());
    ours.addAll(network.routes());
    return connection.withIp(
        ip.withRoutes(
            extended(ip.clientRoutes(), ours, ip.endpointAddresses()), ip.endpointRoutes()));
  }

  /** The routes and those to further destinations, by way of our address. */
  private static List<Route> extended(
      List<Route> routes, Collection<IpPrefix> further, List<InterfaceAddress> ours) {
    List<Route> extended = new ArrayList<>(routes);
    for (IpPrefix destination : further) {
      if (extended.stream().noneMatch(route -> route.destination().equals(destination))) {
        extended.add(Route.to(destination).byWayOf(ours));
      }
    }
    return extended;
  }

  /** The pools in the order in which NSM's own vL3 adds its networks: the last first. */
  private List<IpPrefix> networks() {
    List<IpPrefix> networks = new ArrayList<>(network.pools());
    Collections.reverse(networks);
    return networks;
  }

  private Connection peer(ConnectionRequest request, Peer caller, Session session, Next next)
      throws EndpointException {
    EndpointRecord peer = caller.endpoint();
    IpContext asked = request.connection().ip();
    OwnSide own = ownSide(request.connection(), peer);
    List<Route> announced = session.get(DiscoverPeers.ANNOUNCED).orElse(asked.endpointRoutes());
    Announcement announcement =
        new Announcement(network, table, peer, session.id(), "endpointRoutes");
    List<IpPrefix> prefixes = announcement.believed(announced);
    if (!caller.numbered()) {
      announcement.checkAddresses("clientAddresses", asked.clientAddresses(), prefixes);
    }
    PeerLink link = new PeerLink(peer, session.handle(), Dialler.PEER, prefixes);
    Optional<PeerLink> before = table.claim(link);
    session.onFailure(
        "take back the claim on " + prefixes, () -> table.restore(session.id(), before));
    session.onCommit("tell the mesh", () -> table.established(session.id(), before));
    List<InterfaceAddress> ours = caller.numbered() ? asked.endpointAddresses() : own.addresses();
    List<Route> known = caller.numbered() ? byWayOf(ours, network.ownPrefixes()) : own.routes();
    List<Route> shown = caller.foreign() ? extended(known, networks(), ours) : known;
    IpContext answer =
        asked
            .withAddresses(asked.clientAddresses(), ours)
            .withRoutes(
                shown,
                announcement.routes(prefixes, announced).stream()
                    .map(route -> route.byWayOf(asked.clientAddresses()))
                    .toList());
    return next.request(request.mapConnection(connection -> connection.withIp(answer)));
  }

  /** Routes to prefixes of ours by way of the address that is ours on that link alone. */
  private static List<Route> byWayOf(List<InterfaceAddress> ours, List<IpPrefix> prefixes) {
    return prefixes.stream().map(prefix -> Route.to(prefix).byWayOf(ours)).toList();
  }

  /** A hub is the way to the whole network for a spoke that asks for it. */
  private OwnSide ownSide(Connection asked, EndpointRecord peer) throws EndpointException {
    OwnSide own = OwnSide.of(network);
    boolean uplink =
        network.self().get().isHub()
            && peer.isSpoke()
            && asked.labels().containsKey(PeerLabels.UPLINK);
    return uplink ? own.withAggregates(network.pools()) : own;
  }
}
