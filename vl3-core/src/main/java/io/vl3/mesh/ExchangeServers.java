package io.vl3.mesh;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.DnsConfig;
import io.vl3.connection.Route;
import io.vl3.dns.PeerServers;
import io.vl3.dns.PeerServers.PeerServer;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.registry.DiscoverPeers;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.KnownPeers;
import io.vl3.registry.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells a peer our name server and notes its own, for as long as the link stands. A server is
 * believed only inside of what the peer was believed to own.
 */
public final class ExchangeServers implements Endpoint {

  private final Vl3Network network;
  private final PeerServers servers;
  private final Optional<Supplier<KnownPeers>> dialling;

  private ExchangeServers(
      Vl3Network network, PeerServers servers, Optional<Supplier<KnownPeers>> dialling) {
    this.network = network;
    this.servers = servers;
    this.dialling = dialling;
  }

  /** The element of the chain that answers, behind {@link Vl3Endpoint}. Workloads are passed on. */
  public static ExchangeServers answering(Vl3Network network, PeerServers servers) {
    return new ExchangeServers(network, servers, Optional.empty());
  }

  /**
   * The element of the chain that dials, right before {@link BelievePeer}, which judges what the
   * peer answers.
   *
   * @param known the peers known now
   */
  public static ExchangeServers dialling(
      Vl3Network network, PeerServers servers, Supplier<KnownPeers> known) {
    return new ExchangeServers(network, servers, Optional.of(known));
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    return dialling.isPresent()
        ? dial(dialling.get().get(), request, session, next)
        : answer(request, session, next);
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    session.onCommit("forget the peer's name server", () -> servers.remove(session.id()));
    next.close(connection);
  }

  @Override
  public Description description() {
    Description described = Description.of(this).doing("exchanges name servers with peers");
    return dialling.isPresent() ? described : described.after(Vl3Endpoint.class);
  }

  private Connection answer(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Optional<Peer> peer = session.get(DiscoverPeers.PEER);
    Connection asked = request.connection();
    note(
        session,
        peer.flatMap(known -> server(known.endpoint(), asked, asked.ip().endpointRoutes())));
    return next.request(peer.isPresent() ? request.withConnection(withOurs(asked)) : request);
  }

  private Connection dial(KnownPeers known, ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection answer = next.request(request.mapConnection(this::withOursOnly));
    note(
        session,
        known
            .find(answer.endpointName())
            .flatMap(peer -> server(peer, answer, answer.ip().clientRoutes())));
    return answer;
  }

  /** Behind what the peer says of itself. */
  private static Connection withOurs(Connection asked) {
    DnsConfig ours =
        new DnsConfig(
            asked.ip().endpointAddresses().stream().map(InterfaceAddress::address).toList(),
            List.of());
    List<DnsConfig> configs = new ArrayList<>(asked.context().dns());
    configs.remove(ours);
    configs.add(ours);
    return asked.withContext(asked.context().withDns(configs));
  }

  /** In place of what was answered before. */
  private Connection withOursOnly(Connection asked) {
    List<DnsConfig> ours = OwnSide.known(network).map(OwnSide::dns).stream().toList();
    return asked.withContext(asked.context().withDns(ours));
  }

  private void note(Session session, Optional<PeerServer> server) {
    session.onCommit(
        "note the peer's name server",
        () ->
            server.ifPresentOrElse(
                found -> servers.put(session.id(), found), () -> servers.remove(session.id())));
  }

  /** The first that lies in what is routed to the peer, and is not ours. */
  private Optional<PeerServer> server(
      EndpointRecord peer, Connection connection, List<Route> routes) {
    boolean overHub = network.self().get().isSpoke() && peer.isHub();
    List<IpPrefix> theirs = routes.stream().map(Route::destination).toList();
    return connection.context().dns().stream()
        .flatMap(config -> config.servers().stream())
        .filter(server -> isIn(theirs, server) && !isIn(network.ownPrefixes(), server))
        .findFirst()
        .map(server -> new PeerServer(server, overHub));
  }

  private static boolean isIn(List<IpPrefix> prefixes, IpAddress address) {
    return prefixes.stream().anyMatch(prefix -> prefix.contains(address));
  }
}
