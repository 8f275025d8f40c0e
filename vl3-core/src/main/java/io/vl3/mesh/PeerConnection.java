package io.vl3.mesh;

import io.vl3.connection.Connection;

/**
 * A link to a peer as it stands.
 *
 * @param peer the peer's name as registered, with its domain if it has another
 * @param dialler who dialled it: that side is the connection's client
 * @param connection as our side of it knows it
 */
public record PeerConnection(String peer, Dialler dialler, Connection connection) {}
