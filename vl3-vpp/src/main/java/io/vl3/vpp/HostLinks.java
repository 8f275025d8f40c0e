package io.vl3.vpp;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.IpContext;
import io.vl3.connection.Mechanism;
import io.vl3.connection.Route;
import io.vl3.dataplane.Attachment.Elsewhere;
import io.vl3.dataplane.Attachment.HostInterface;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkEnd;
import io.vl3.dataplane.Translation;
import io.vl3.endpoint.Session;
import io.vl3.endpoint.element.LinkFactory;
import io.vl3.endpoint.element.ProgramLink;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.InterfaceAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Builds the links of an NSE of which VPP has either mechanism: memifs itself, and behind the way
 * to the kernel whoever has a kernel interface, to whom it has routes.
 */
final class HostLinks implements LinkFactory {

  private final HostWay host;
  private final MemifLinks memifs;
  private final boolean serving;
  private final boolean translated;
  private final Predicate<Session> peer;

  /**
   * Links.
   *
   * @param memifs what builds those with mechanism MEMIF
   * @param serving whether we answer, and the client's addresses are behind the way
   * @param translated whether workloads lie inside of the NAT
   * @param peer whether a connection is with another endpoint
   */
  HostLinks(
      HostWay host,
      MemifLinks memifs,
      boolean serving,
      boolean translated,
      Predicate<Session> peer) {
    this.host = host;
    this.memifs = memifs;
    this.serving = serving;
    this.translated = translated;
    this.peer = peer;
  }

  @Override
  public Optional<Link> link(ConnectionRequest request, Connection answer, Session session)
      throws EndpointException {
    boolean kernel =
        answer.mechanism().filter(is -> is.type().equals(Mechanism.KERNEL)).isPresent();
    if (!kernel) {
      return memifs.link(request, answer, session);
    }
    Optional<String> trouble = host.trouble();
    if (trouble.isPresent()) {
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "way from VPP to kernel interfaces: %s (expected: there)".formatted(trouble.get()));
    }
    boolean withPeer = peer.test(session);
    LinkEnd elsewhere = LinkEnd.bare(new Elsewhere());
    return Optional.of(
        new Link(
            ProgramLink.keyOf(answer),
            memifs.title(answer, withPeer),
            serving ? elsewhere : end(answer.ip()),
            serving ? end(answer.ip()) : elsewhere,
            answer.context().mtuBytes(),
            translated && !withPeer
                ? Optional.of(new Translation(PortForwardLabels.read(answer)))
                : Optional.empty()));
  }

  /** The next hop of every route is the namespace, which knows the interface. */
  private LinkEnd end(IpContext ip) {
    List<Route> routes = new ArrayList<>();
    List<InterfaceAddress> others = serving ? ip.clientAddresses() : ip.endpointAddresses();
    others.forEach(other -> routes.add(Route.to(other.address().toPrefix())));
    List<Route> further = serving ? ip.endpointRoutes() : ip.clientRoutes();
    further.forEach(route -> routes.add(Route.to(route.destination())));
    KernelWay way = host.way();
    return new LinkEnd(new HostInterface(way.device()), way.addresses(), routes, way.neighbours());
  }
}
