package io.vl3.registry;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.IpContext;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Route;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.DomainName;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells the elements behind it which peers are known, and whether this connection comes from one.
 * No I/O in the request path: the peers are those that a {@link PeerDirectory} has seen.
 *
 * <p>A request that names a peer which is not registered fails with UNAVAILABLE: the caller asks
 * again, and by then the watch may have shown it. So does one of a name that several domains have,
 * unless it says which of them it is.
 */
public final class DiscoverPeers implements Endpoint {

  /** The peers known when the request came. */
  public static final Key<KnownPeers> KNOWN_PEERS = Key.named("known peers");

  /** The peer that the connection comes from; nothing for a workload's. */
  public static final Key<Peer> PEER = Key.named("peer");

  /** What that peer has announced last: routes to be installed at our end. */
  public static final Key<List<Route>> ANNOUNCED = Key.named("announced routes");

  /** The path by which a peer was judged when it asked; an event of our own has no tokens. */
  private static final Key<Path> JUDGED = Key.lasting("path of a peer, with its tokens");

  private final Supplier<KnownPeers> directory;
  private final PeerIdentity identity;

  /** The element, where peers are believed by name. */
  public DiscoverPeers(Supplier<KnownPeers> directory) {
    this(directory, PeerIdentity.BY_NAME);
  }

  /**
   * The element.
   *
   * @param directory what is known now, usually {@link PeerDirectory#known}; must not block
   * @param identity who the components of a path are: the peer, and what it came through
   */
  public DiscoverPeers(Supplier<KnownPeers> directory, PeerIdentity identity) {
    this.directory = directory;
    this.identity = identity;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    KnownPeers known = directory.get();
    session.put(KNOWN_PEERS, known);
    Path path = judgedBy(request.connection(), session);
    Optional<Peer> peer =
        isUnjudged(session) ? Optional.empty() : peer(request.connection(), known);
    if (peer.isPresent()) {
      identity.checkCaller(path, peer.get().endpoint());
      session.put(PEER, peer.get());
      session.put(JUDGED, path);
      noteAnnouncement(request.connection(), session);
    } else {
      session.remove(PEER);
      session.remove(JUDGED);
    }
    return next.request(
        peer.filter(Peer::numbered).isPresent()
            ? request.mapConnection(DiscoverPeers::withoutAnnouncement)
            : request);
  }

  @Override
  public Description description() {
    return Description.of(this).doing("makes known peers available, recognises a peer's request");
  }

  /** What a caller shows; for an event of our own what the peer has shown. */
  private static Path judgedBy(Connection connection, Session session) {
    return session.caller().equals(Caller.SELF)
        ? session.get(JUDGED).orElse(connection.path())
        : connection.path();
  }

  /** An event of our own makes no peer of who has never been judged as one. */
  private static boolean isUnjudged(Session session) {
    return session.caller().equals(Caller.SELF)
        && session.established().isPresent()
        && session.get(JUDGED).isEmpty();
  }

  /** An event of our own only repeats what we made of the announcement. */
  private static void noteAnnouncement(Connection connection, Session session) {
    if (!session.caller().equals(Caller.SELF) || session.get(ANNOUNCED).isEmpty()) {
      session.put(ANNOUNCED, connection.ip().endpointRoutes());
    }
  }

  private static Optional<Peer> peer(Connection connection, KnownPeers known)
      throws EndpointException {
    Optional<String> name = Optional.ofNullable(connection.labels().get(PeerLabels.NAME));
    if (name.isEmpty()) {
      return foreign(connection, known);
    }
    List<EndpointRecord> namesakes = known.namesakes(DomainName.withoutDomain(name.get()));
    if (namesakes.isEmpty()) {
      throw unregistered("labels[" + PeerLabels.NAME + "]", name.get(), connection, known);
    }
    return Optional.of(
        new Peer(chosen(namesakes, connection, name.get()), false, connection.hasNumberedLink()));
  }

  /** It gets addresses as a workload does, of which nobody takes routes to others. */
  private static Connection withoutAnnouncement(Connection connection) {
    return connection.withIp(connection.ip().withRoutes(connection.ip().clientRoutes(), List.of()));
  }

  /**
   * A peer that says which run it is is believed if that run is registered. One that does not is
   * taken by name, if the name says enough.
   */
  private static EndpointRecord chosen(
      List<EndpointRecord> namesakes, Connection connection, String name) throws EndpointException {
    Optional<String> instance = Optional.ofNullable(connection.labels().get(PeerLabels.INSTANCE));
    List<EndpointRecord> fitting =
        namesakes.stream().filter(peer -> mayBe(peer, instance)).toList();
    if (fitting.size() == 1) {
      return fitting.get(0);
    }
    throw new EndpointException(
        Reason.UNAVAILABLE,
        "labels[%s]: %s (expected: one registration that it fits) [instance %s; registered: %s]"
            .formatted(
                PeerLabels.NAME,
                name,
                instance.orElse("unknown"),
                namesakes.stream()
                    .map(peer -> peer.name() + "/" + peer.instance().orElse("unknown"))
                    .toList()));
  }

  private static boolean mayBe(EndpointRecord peer, Optional<String> instance) {
    return instance.isEmpty() || peer.instance().isEmpty() || peer.instance().equals(instance);
  }

  /**
   * Recognises NSM's own vL3: it calls by its endpoint's name and announces the prefix that its
   * address is the first of. A workload that comes from another endpoint may carry DNS
   * configurations and addresses too, but announces no prefix.
   */
  private static Optional<Peer> foreign(Connection connection, KnownPeers known)
      throws EndpointException {
    Optional<String> caller = connection.path().segment(0).map(PathSegment::name);
    if (caller.isEmpty() || !announcesPrefix(connection.ip())) {
      return Optional.empty();
    }
    // Where several domains have one, the nearest: the first.
    Optional<EndpointRecord> endpoint =
        known.namesakes(DomainName.withoutDomain(caller.get())).stream()
            .filter(peer -> peer.instance().isEmpty())
            .findFirst();
    if (endpoint.isEmpty() && !connection.context().dns().isEmpty()) {
      throw unregistered("path_segments[0].name", caller.get(), connection, known);
    }
    return endpoint.map(registered -> new Peer(registered, true, false));
  }

  private static boolean announcesPrefix(IpContext ip) {
    return ip.endpointRoutes().stream()
        .map(Route::destination)
        .filter(prefix -> prefix.length() < prefix.family().bits())
        .anyMatch(
            prefix ->
                ip.clientAddresses().stream()
                    .anyMatch(address -> address.address().equals(prefix.first())));
  }

  private static EndpointException unregistered(
      String field, String name, Connection connection, KnownPeers known) {
    return new EndpointException(
        Reason.UNAVAILABLE,
        "%s: %s (expected: a peer registered for %s) [%s]"
            .formatted(
                field,
                name,
                connection.networkService(),
                known.complete() ? searched(known) : "the registry is not read yet"));
  }

  /** Both sides have to search each other's domain, which nobody sees from one side. */
  private static String searched(KnownPeers known) {
    return "%d peers known; an endpoint of another domain is a peer only if its domain is among the remote domains here, too"
        .formatted(known.all().size());
  }
}
