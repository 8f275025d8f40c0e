package io.vl3.mesh;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.IpContext;

/**
 * A link to a peer with its connection as if we had dialled it: our addresses are the client's.
 *
 * @param id the id by which the mesh knows the link
 * @param connection what a probe is given
 */
record ProbedLink(ConnectionId id, Connection connection) {

  static ProbedLink outgoing(Connection connection) {
    return new ProbedLink(connection.requireId(), connection);
  }

  static ProbedLink incoming(Connection connection) {
    IpContext ip = connection.ip();
    return new ProbedLink(
        connection.requireId(),
        connection.withIp(
            ip.withAddresses(ip.endpointAddresses(), ip.clientAddresses())
                .withRoutes(ip.endpointRoutes(), ip.clientRoutes())));
  }
}
