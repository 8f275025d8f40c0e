package io.vl3.mesh;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Route;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.KnownPeers;
import io.vl3.registry.PeerIdentity;
import io.vl3.registry.PeerLabels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Shows a peer that we dial our side, judges what it answers, at the first request and at every
 * refresh, and notes its prefixes. For the chain of the mesh's client, behind the elements that
 * program links: they see only what is believed.
 *
 * <p>A link that others program, as a forwarder does, stands already when its answer is judged;
 * {@link PeerMesh} closes it if the answer is not believed.
 */
public final class BelievePeer implements Endpoint {

  private final Vl3Network network;
  private final PrefixTable table;
  private final Supplier<KnownPeers> known;
  private final PeerIdentity identity;

  /** The element, where peers are believed by name. */
  public BelievePeer(Vl3Network network, PrefixTable table, Supplier<KnownPeers> known) {
    this(network, table, known, PeerIdentity.BY_NAME);
  }

  /**
   * The element.
   *
   * @param table where learnt prefixes are noted; the mesh's
   * @param known the peers known now
   * @param identity who an answer's last component is: the peer
   */
  public BelievePeer(
      Vl3Network network, PrefixTable table, Supplier<KnownPeers> known, PeerIdentity identity) {
    this.network = network;
    this.table = table;
    this.known = known;
    this.identity = identity;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    EndpointRecord peer = peer(request.connection());
    Connection asked = withOwnSide(request.connection(), peer);
    Connection answer = next.request(request.withConnection(asked));
    List<Route> routes = judge(asked, answer, peer, session);
    return answer.withIp(answer.ip().withRoutes(routes, answer.ip().endpointRoutes()));
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    session.onCommit("forget the peer's prefixes", () -> table.release(session.id()));
    next.close(connection);
  }

  @Override
  public Description description() {
    return Description.of(this)
        .doing("takes a peer's prefixes if they can be believed")
        .after(TellMesh.class);
  }

  /**
   * Whoever asks, and whenever: the peer is shown what is ours now. While we have no prefix a
   * refresh shows what it showed before.
   */
  private Connection withOwnSide(Connection asked, EndpointRecord peer) {
    Connection named = asked.withLabels(withOwnLabels(asked.labels(), peer));
    return OwnSide.known(network)
        .map(own -> isHubOf(peer) ? own.withAggregates(network.pools()) : own)
        .map(
            own ->
                named.withContext(
                    named
                        .context()
                        .withDns(isForeign(peer) ? List.of(own.dns()) : named.context().dns())
                        .withIp(
                            named
                                .ip()
                                .withAddresses(own.addresses(), named.ip().endpointAddresses())
                                .withRoutes(named.ip().clientRoutes(), own.routes()))))
        .orElse(named);
  }

  /**
   * An endpoint that is not ours takes us for a peer only by a name server, whether we have one or
   * not.
   */
  private static boolean isForeign(EndpointRecord peer) {
    return peer.instance().isEmpty();
  }

  /** Whatever it asks for: it installs the pools only over its uplink. */
  private boolean isHubOf(EndpointRecord peer) {
    return network.self().get().isHub() && peer.isSpoke();
  }

  private Map<String, String> withOwnLabels(Map<String, String> asked, EndpointRecord peer) {
    Map<String, String> labels = new HashMap<>(asked);
    labels.remove(PeerLabels.UPLINK);
    if (table.uplink().isOver(network.self().get(), peer)) {
      labels.put(PeerLabels.UPLINK, "true");
    }
    labels.put(PeerLabels.NAME, network.ownName());
    network.self().get().instance().ifPresent(run -> labels.put(PeerLabels.INSTANCE, run));
    return labels;
  }

  private List<Route> judge(
      Connection asked, Connection answer, EndpointRecord peer, Session session)
      throws EndpointException {
    List<Route> announced = answer.ip().clientRoutes();
    try {
      identity.check(answer.path().last(), peer);
      Announcement announcement =
          new Announcement(network, table, peer, session.id(), "clientRoutes");
      List<IpPrefix> prefixes = announcement.believed(announced);
      announcement.refuseAggregates(announced, asked.labels().containsKey(PeerLabels.UPLINK));
      announcement.checkAddresses("endpointAddresses", answer.ip().endpointAddresses(), prefixes);
      if (answer.hasNumberedLink()) {
        announcement.checkAddresses("clientAddresses", answer.ip().clientAddresses(), prefixes);
      } else {
        checkOwnAddresses(asked, answer, peer);
      }
      Optional<PeerLink> before =
          table.claim(new PeerLink(peer, session.handle(), Dialler.US, prefixes));
      session.onFailure(
          "take back the claim on " + prefixes, () -> table.restore(session.id(), before));
      return announcement.routes(prefixes, announced);
    } catch (EndpointException notBelieved) {
      table.refused(peer.name());
      throw notBelieved;
    }
  }

  /**
   * The forwarder that programs the link gives us the addresses of the answer: it must have no
   * others than ours.
   */
  private static void checkOwnAddresses(Connection asked, Connection answer, EndpointRecord peer)
      throws EndpointException {
    List<InterfaceAddress> own = asked.ip().clientAddresses();
    List<InterfaceAddress> given = answer.ip().clientAddresses();
    if (!own.containsAll(given)) {
      throw new EndpointException(
          Reason.INVALID,
          "clientAddresses: %s by peer %s (expected: ours, %s)".formatted(given, peer.name(), own));
    }
  }

  private EndpointRecord peer(Connection connection) {
    String name = connection.endpointName();
    return known
        .get()
        .find(name)
        .orElseGet(() -> EndpointRecord.of(name, connection.networkService(), Map.of(), ""));
  }
}
