package io.vl3.vpp;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.dataplane.LinkKey;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.endpoint.element.ProgramLink;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.vpp.MemifSockets.Socket;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Answers mechanism MEMIF: VPP listens on a socket of the connection's own. The connection keeps it
 * until the connection is closed and its link is gone. A connection from before this process
 * started keeps the socket that it had.
 */
final class OfferMemif implements Endpoint {

  private static final Key<Socket> SOCKET = Key.named("memif socket");

  private final MemifSockets sockets;
  private final Standing standing;
  private final Optional<String> netnsUrl;

  /** The interfaces that VPP has of links, also from before this process started. */
  interface Standing {

    /** Learns what there is, if nothing is known yet. Blocks for some calls then. */
    void learn();

    /** VPP's name of the socket that the link's interface has. */
    Optional<String> socketOf(LinkKey key);

    /** Those of a data plane. */
    static Standing in(VppDataPlane plane) {
      return new Standing() {
        @Override
        public void learn() {
          plane.lookFirst();
        }

        @Override
        public Optional<String> socketOf(LinkKey key) {
          return plane.socketOf(key);
        }
      };
    }
  }

  /**
   * An element.
   *
   * @param netnsUrl VPP's network namespace as {@code file://PATH}, where the other side needs it
   */
  OfferMemif(MemifSockets sockets, Standing standing, Optional<String> netnsUrl) {
    this.sockets = sockets;
    this.standing = standing;
    this.netnsUrl = netnsUrl;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Mechanism asked = memifAsked(request).findFirst().orElseThrow(() -> refusal(request));
    Socket socket = socket(request, session);
    Mechanism named = asked.with(Mechanism.SOCKET_FILE, socket.told());
    Mechanism chosen = netnsUrl.map(url -> named.with(Mechanism.INODE_URL, url)).orElse(named);
    return next.request(request.mapConnection(connection -> connection.withMechanism(chosen)));
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    Optional<Socket> socket = session.remove(SOCKET);
    // After the close, when the link that listens there is gone.
    socket.ifPresent(
        held -> session.onCommit("free socket " + held.told(), () -> sockets.free(held)));
    next.close(connection);
  }

  @Override
  public Description description() {
    return Description.of(this).doing("answers mechanism MEMIF").after(UpdatePath.class);
  }

  private Socket socket(ConnectionRequest request, Session session) {
    Optional<Socket> held = session.get(SOCKET);
    if (held.isPresent()) {
      return held.get();
    }
    LinkKey key = ProgramLink.keyOf(request.connection());
    standing.learn();
    Socket taken =
        memifAsked(request)
            .flatMap(mechanism -> mechanism.parameter(Mechanism.SOCKET_FILE).stream())
            .flatMap(told -> sockets.takeAgain(told, key).stream())
            .findFirst()
            .or(() -> standing.socketOf(key).flatMap(vpp -> sockets.takeStanding(vpp, key)))
            .orElseGet(() -> sockets.take(key));
    session.onFailure("free socket " + taken.told(), () -> sockets.free(taken));
    session.put(SOCKET, taken);
    return taken;
  }

  private static Stream<Mechanism> memifAsked(ConnectionRequest request) {
    return Stream.concat(
            request.connection().mechanism().stream(), request.mechanismPreferences().stream())
        .filter(mechanism -> mechanism.type().equals(Mechanism.MEMIF));
  }

  private static EndpointException refusal(ConnectionRequest request) {
    List<String> offered =
        Stream.concat(
                request.connection().mechanism().stream(), request.mechanismPreferences().stream())
            .map(Mechanism::type)
            .toList();
    return new EndpointException(
        Reason.INVALID,
        "mechanism_preferences: %s (expected: %s among them)".formatted(offered, Mechanism.MEMIF));
  }
}
