package io.vl3.registry;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Reason;
import io.vl3.endpoint.Session;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells the elements behind it which peers are known, and whether this connection comes from one.
 * No I/O in the request path: the peers are those that a {@link PeerDirectory} has seen.
 *
 * <p>A request that names a peer which is not registered fails with UNAVAILABLE: the caller asks
 * again, and by then the watch may have told of it.
 */
public final class DiscoverPeers implements Endpoint {

  /** The label that marks a peer's request; its value is the peer's endpoint name. */
  public static final String PEER_LABEL = "vl3Nse/nseSource/endpointName";

  /** The peers known when the request came. */
  public static final Key<KnownPeers> KNOWN_PEERS = Key.named("known peers");

  /** The peer that the connection comes from; nothing for a workload's. */
  public static final Key<Peer> PEER = Key.named("peer");

  private final Supplier<KnownPeers> directory;

  /**
   * The element.
   *
   * @param directory what is known now, usually {@link PeerDirectory#known}; must not block
   */
  public DiscoverPeers(Supplier<KnownPeers> directory) {
    this.directory = directory;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    KnownPeers known = directory.get();
    session.put(KNOWN_PEERS, known);
    Optional<Peer> peer = peer(request.connection(), known);
    if (peer.isPresent()) {
      session.put(PEER, peer.get());
    } else {
      session.remove(PEER);
    }
    return next.request(request);
  }

  @Override
  public Description description() {
    return Description.of(this).doing("makes known peers available, recognises a peer's request");
  }

  private static Optional<Peer> peer(Connection connection, KnownPeers known)
      throws EndpointException {
    Optional<String> name = Optional.ofNullable(connection.labels().get(PEER_LABEL));
    if (name.isEmpty()) {
      return Optional.empty();
    }
    EndpointRecord endpoint =
        known.find(name.get()).orElseThrow(() -> unregistered(connection, name.get(), known));
    return Optional.of(new Peer(endpoint));
  }

  private static EndpointException unregistered(
      Connection connection, String name, KnownPeers known) {
    return new EndpointException(
        Reason.UNAVAILABLE,
        "labels[%s]: %s (expected: a peer registered for %s) [%d peers known%s]"
            .formatted(
                PEER_LABEL,
                name,
                connection.networkService(),
                known.byName().size(),
                known.complete() ? "" : ", registry not yet read"));
  }
}
