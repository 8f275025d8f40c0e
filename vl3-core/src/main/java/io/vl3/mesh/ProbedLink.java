package io.vl3.mesh;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.IpContext;
import java.util.Optional;

/**
 * A link to a peer with its connection as if we had dialled it: our addresses are the client's.
 *
 * @param id the id by which the mesh knows the link
 * @param dialler who dialled it
 * @param connection what a probe is given
 */
record ProbedLink(ConnectionId id, Dialler dialler, Connection connection) {

  /** A link as it stands now; empty if it is being made or closed. */
  static Optional<ProbedLink> of(PeerLink link) {
    return link.handle()
        .established()
        .map(made -> link.dialler() == Dialler.US ? made : fromOurSide(made))
        .map(connection -> new ProbedLink(link.id(), link.dialler(), connection));
  }

  /** A connection that the peer dialled. */
  private static Connection fromOurSide(Connection connection) {
    IpContext ip = connection.ip();
    return connection.withIp(
        ip.withAddresses(ip.endpointAddresses(), ip.clientAddresses())
            .withRoutes(ip.endpointRoutes(), ip.clientRoutes()));
  }
}
