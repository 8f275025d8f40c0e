package io.vl3.mesh;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.registry.DiscoverPeers;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells every link the least MTU of those that its packets may take (NSM v1, {@code vl3mtu}). When
 * that falls, and when it rises again, the others are asked to ask anew.
 *
 * <p>A client's refresh carries what it was told, so its own limit is remembered beside. A workload
 * that asks for less than the floor is refused, alone: everybody would have to follow it.
 */
public final class AgreeMtu implements Endpoint {

  private static final Logger LOG = LoggerFactory.getLogger(AgreeMtu.class);
  private static final Key<Told> TOLD = Key.named("MTU");

  private final LeastMtu links;
  private final Consumer<ConnectionId> askAnew;
  private final boolean dialling;

  private AgreeMtu(LeastMtu links, Consumer<ConnectionId> askAnew, boolean dialling) {
    this.links = links;
    this.askAnew = askAnew;
    this.dialling = dialling;
  }

  /**
   * The element of the chain that answers, behind {@link DiscoverPeers}.
   *
   * @param askAnew makes the client of one of our connections, named by our own id, ask again; must
   *     not block
   */
  public static AgreeMtu answering(LeastMtu links, Consumer<ConnectionId> askAnew) {
    return new AgreeMtu(links, askAnew, false);
  }

  /** The element of the chain that dials peers. */
  public static AgreeMtu dialling(LeastMtu links) {
    return new AgreeMtu(links, id -> {}, true);
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    boolean peer = dialling || session.get(DiscoverPeers.PEER).isPresent();
    int asked = request.connection().context().mtuBytes();
    int own = dialling ? 0 : ownLimit(asked, session);
    if (!peer) {
      checkFloor(own);
    }
    int told = LeastMtu.least(own, links.beside(session.id(), peer));
    Connection answer =
        next.request(request.mapConnection(c -> c.withContext(c.context().withMtuBytes(told))));
    int answered = answer.context().mtuBytes();
    int limit = answered != told ? LeastMtu.least(own, answered) : own;
    session.put(TOLD, new Told(answered, limit));
    Runnable tell = tell(request.connection(), session.handle());
    session.onCommit(
        "tell others of the MTU",
        () -> links.put(session.id(), peer, limit, tell).forEach(Runnable::run));
    return answer;
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    session.remove(TOLD);
    session.onCommit("forget its MTU", () -> links.remove(session.id()).forEach(Runnable::run));
    next.close(connection);
  }

  @Override
  public Description description() {
    return Description.of(this).doing("announces the least MTU of the links");
  }

  private void checkFloor(int own) throws EndpointException {
    if (own != 0 && own < links.floorBytes()) {
      throw new EndpointException(
          Reason.INVALID,
          "connection.context.MTU: %d (expected: 0, or %d or more, as all workloads would have to follow) [dataplane.leastMtu of the endpoint]"
              .formatted(own, links.floorBytes()));
    }
  }

  /** The limit that the client sets itself; one that it only repeats is not its own. */
  private static int ownLimit(int asked, Session session) {
    return session.get(TOLD).filter(told -> told.answered == asked).map(Told::limit).orElse(asked);
  }

  private Runnable tell(Connection ours, ConnectionHandle handle) {
    ConnectionId own = ours.requireId();
    if (!dialling) {
      return () -> askAnew.accept(own);
    }
    return () -> {
      var unused =
          handle
              .request(same -> same)
              .exceptionally(
                  failure -> {
                    LOG.debug("peer link {}: not told of the MTU", own, failure);
                    return ours;
                  });
    };
  }

  private record Told(int answered, int limit) {}
}
