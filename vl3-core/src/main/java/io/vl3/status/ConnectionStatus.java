package io.vl3.status;

import io.vl3.connection.Connection;
import io.vl3.connection.Mechanism;
import io.vl3.connection.PathSegment;
import java.time.Duration;
import java.util.Optional;

/**
 * A connection that an NSE serves, or has dialled to a peer. The tokens of its path are not shown.
 *
 * @param kind who is at the other side
 * @param other the name of who is there: of a workload the first component's of its path, of a peer
 *     as registered
 * @param interfaceName the NSE's interface; empty text: none, or it cannot be known
 * @param roundTrip how long the newest probe of the link took; empty: it is not probed, or was not
 *     answered
 * @param connection as the NSE knows it
 */
public record ConnectionStatus(
    Kind kind,
    String other,
    String interfaceName,
    Optional<Duration> roundTrip,
    Connection connection) {

  /** The kind of peer at the other side of the NSE's link. */
  public enum Kind {
    /** A client that it serves. */
    WORKLOAD,
    /** A peer that dialled it: the peer is the client. */
    PEER,
    /** A peer that it dialled: the NSE is the client. */
    DIALLED
  }

  /** A connection of a client that is no peer. */
  public static ConnectionStatus workload(Connection connection) {
    return of(
        Kind.WORKLOAD,
        connection.path().segment(0).map(PathSegment::name).orElse(""),
        Optional.empty(),
        connection);
  }

  /** A link to a peer, by whom it was dialled. */
  public static ConnectionStatus peer(
      String peer, boolean dialledByUs, Optional<Duration> roundTrip, Connection connection) {
    return of(dialledByUs ? Kind.DIALLED : Kind.PEER, peer, roundTrip, connection);
  }

  private static ConnectionStatus of(
      Kind kind, String other, Optional<Duration> roundTrip, Connection connection) {
    String name = connection.mechanism().flatMap(m -> m.parameter(Mechanism.NAME)).orElse("");
    return new ConnectionStatus(kind, other, name, roundTrip, connection);
  }

  /** The same over an interface of that name. */
  public ConnectionStatus over(String changed) {
    return new ConnectionStatus(kind, other, changed, roundTrip, connection);
  }

  /** Whether the NSE is the client of it. */
  public boolean isDialled() {
    return kind == Kind.DIALLED;
  }
}
