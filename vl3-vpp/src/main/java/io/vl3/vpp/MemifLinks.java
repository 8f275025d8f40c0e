package io.vl3.vpp;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.IpContext;
import io.vl3.connection.Mechanism;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Route;
import io.vl3.dataplane.Attachment.Elsewhere;
import io.vl3.dataplane.Attachment.Memif;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkEnd;
import io.vl3.dataplane.Translation;
import io.vl3.endpoint.Session;
import io.vl3.endpoint.element.LinkFactory;
import io.vl3.endpoint.element.ProgramLink;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.InterfaceAddress;
import io.vl3.registry.PeerLabels;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Builds the links of our VPP from connections with mechanism MEMIF. Of a connection that we serve
 * it builds the endpoint's end, as master; of one that we asked for the client's end, as slave.
 */
final class MemifLinks implements LinkFactory {

  private final boolean serving;
  private final SocketNames names;
  private final boolean alwaysEthernet;
  private final boolean translated;
  private final Predicate<Session> peer;

  private MemifLinks(
      boolean serving,
      SocketNames names,
      boolean alwaysEthernet,
      boolean translated,
      Predicate<Session> peer) {
    this.serving = serving;
    this.names = names;
    this.alwaysEthernet = alwaysEthernet;
    this.translated = translated;
    this.peer = peer;
  }

  /**
   * Links of connections that we serve.
   *
   * @param translated whether workloads lie inside of the NAT
   * @param peer whether a connection is another endpoint's, which lies at neither side of the NAT
   */
  static MemifLinks served(SocketNames names, boolean translated, Predicate<Session> peer) {
    return new MemifLinks(true, names, false, translated, peer);
  }

  /** Links of connections that we asked peers for. */
  static MemifLinks asked(SocketNames names) {
    return new MemifLinks(false, names, false, false, session -> true);
  }

  /** These links with frames whatever the payload, as NSM 0.2 has them. */
  MemifLinks withEthernet() {
    return new MemifLinks(serving, names, true, translated, peer);
  }

  @Override
  public Optional<Link> link(ConnectionRequest request, Connection answer, Session session)
      throws EndpointException {
    Memif memif = memif(answer);
    IpContext ip = answer.ip();
    boolean withPeer = peer.test(session);
    LinkEnd elsewhere = LinkEnd.bare(new Elsewhere());
    return Optional.of(
        new Link(
            ProgramLink.keyOf(answer),
            title(answer, withPeer),
            serving
                ? elsewhere
                : end(memif, ip.clientAddresses(), ip.endpointAddresses(), ip.clientRoutes()),
            serving
                ? end(memif, ip.endpointAddresses(), ip.clientAddresses(), ip.endpointRoutes())
                : elsewhere,
            answer.context().mtuBytes(),
            translation(answer, withPeer)));
  }

  private Memif memif(Connection answer) throws EndpointException {
    Optional<Mechanism> mechanism = answer.mechanism();
    if (mechanism.filter(is -> is.type().equals(Mechanism.MEMIF)).isEmpty()) {
      throw new EndpointException(
          Reason.INVALID,
          "answer.mechanism: %s (expected: %s)"
              .formatted(mechanism.map(Mechanism::type).orElse("none"), Mechanism.MEMIF));
    }
    boolean ethernet = alwaysEthernet || !answer.payload().equals(Connection.PAYLOAD_IP);
    return new Memif(names.vppName(mechanism.get()), serving, ethernet);
  }

  private static LinkEnd end(
      Memif memif, List<InterfaceAddress> own, List<InterfaceAddress> others, List<Route> routes) {
    return new LinkEnd(memif, own, routes, others.stream().map(InterfaceAddress::address).toList());
  }

  private Optional<Translation> translation(Connection answer, boolean withPeer)
      throws EndpointException {
    return translated && !withPeer
        ? Optional.of(new Translation(PortForwardLabels.read(answer)))
        : Optional.empty();
  }

  /** The words for a link of either mechanism. */
  String title(Connection answer, boolean withPeer) {
    String client = answer.path().segment(0).map(PathSegment::name).orElse("client");
    if (withPeer) {
      String caller = answer.labels().getOrDefault(PeerLabels.NAME, client);
      return "peer-" + (serving ? caller : answer.endpointName());
    }
    return answer.labels().getOrDefault("podName", client);
  }
}
