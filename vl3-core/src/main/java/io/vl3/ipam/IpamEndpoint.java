package io.vl3.ipam;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.IpContext;
import io.vl3.connection.Route;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each workload addresses out of the endpoint's own prefixes, one per family, and the extra
 * prefixes that it asks for.
 *
 * <p>A repeat keeps what the connection has, unless the request's exclusions or a change of the own
 * prefixes stand against it: then it is moved, and the old address is free after the commit. A
 * workload known from before a restart gets the addresses that it had, if the state remembers them;
 * one that carries addresses of ours gets them if they are free. An answer waits until the state
 * has it on the disk, which goes on while the rest of the chain works. Addresses of others are
 * forgotten. While there is no prefix, new connections get UNAVAILABLE with the source's reason,
 * and established ones keep what they have.
 */
public final class IpamEndpoint implements Endpoint {

  private static final Logger LOG = LoggerFactory.getLogger(IpamEndpoint.class);
  private static final Key<Grant> GRANT = Key.named("addresses");
  private static final Key<BindingKey> BINDING = Key.named("binding");

  private final PrefixSource source;
  private final AddressingMode mode;
  private final Predicate<Session> skips;
  private final AddressBook book;
  private final Bindings bindings;

  private IpamEndpoint(
      PrefixSource source,
      AddressingMode mode,
      PrefixSet excluded,
      Predicate<Session> skips,
      NseState state) {
    this.source = source;
    this.mode = mode;
    this.skips = skips;
    this.book = new AddressBook(excluded);
    this.bindings = new Bindings(book, state);
  }

  /** An endpoint for every connection, without exclusions of its own. */
  public static IpamEndpoint of(PrefixSource source, AddressingMode mode) {
    return of(source, mode, PrefixSet.EMPTY, session -> false);
  }

  /** An endpoint that remembers nothing over a restart. */
  public static IpamEndpoint of(
      PrefixSource source, AddressingMode mode, PrefixSet excluded, Predicate<Session> skips) {
    return of(source, mode, excluded, skips, NseState.inMemory());
  }

  /**
   * An endpoint.
   *
   * @param source the own prefixes
   * @param mode how addresses are made of them
   * @param excluded what is never given out
   * @param skips connections that take nothing and are passed on as they are: peers
   * @param state who had which addresses before, and where it is noted who has them now; its owner
   *     closes it
   */
  public static IpamEndpoint of(
      PrefixSource source,
      AddressingMode mode,
      PrefixSet excluded,
      Predicate<Session> skips,
      NseState state) {
    IpamEndpoint endpoint = new IpamEndpoint(source, mode, excluded, skips, state);
    source.onChange(endpoint::moveHolders);
    return endpoint;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    if (skips.test(session)) {
      return next.request(request);
    }
    PrefixSource.State state = source.current();
    return state instanceof PrefixSource.Missing missing
        ? withoutPrefix(request, session, missing, next)
        : withPrefix(request, session, state, next);
  }

  /** A workload that has addresses keeps them. */
  private static Connection withoutPrefix(
      ConnectionRequest request, Session session, PrefixSource.Missing missing, Next next)
      throws EndpointException {
    Grant grant =
        session
            .get(GRANT)
            .orElseThrow(() -> new EndpointException(Reason.UNAVAILABLE, missing.why()));
    IpContext answered = context(request.connection().ip(), grant.reachable(), grant);
    return next.request(request.mapConnection(connection -> connection.withIp(answered)));
  }

  private Connection withPrefix(
      ConnectionRequest request, Session session, PrefixSource.State state, Next next)
      throws EndpointException {
    List<IpPrefix> own = state.prefixes();
    List<OwnPrefix> places = book.own(own);
    Optional<Grant> before = session.get(GRANT);
    IpContext carried = request.connection().ip();
    IpContext asked = withoutForeign(carried, own);
    BindingKey key =
        session.get(BINDING).orElseGet(() -> BindingKey.of(request.connection(), session));
    Claim claim = bindings.claim(key, session.handle());
    session.onFailure("leave the binding as it was", claim::undo);
    Grant grant =
        new Assignment(
                book, mode, places, claim.before().grant(places, mode), asked, claim::acquired)
            .assign();
    claim.bind(Binding.of(grant));
    PrefixSet earlier = before.orElse(Grant.NOTHING).reachable().union(carried(asked, own));
    IpContext answered = context(asked, earlier, grant);
    session.put(GRANT, grant);
    session.put(BINDING, key);
    session.onCommit("keep the binding of " + session.id(), claim::commit);
    session.onCommit("look for a new prefix", () -> moveIfChanged(state, session.handle()));
    Connection answer =
        next.request(request.mapConnection(connection -> connection.withIp(answered)));
    claim.awaitDurable(session.deadline());
    return answer;
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    try {
      next.close(connection);
    } finally {
      session.remove(GRANT);
      session.remove(BINDING).ifPresent(key -> bindings.release(key, session.id()));
    }
  }

  @Override
  public Description description() {
    return Description.of(this).doing("gives addresses out of the own prefix, " + mode);
  }

  /** How many connections hold addresses. */
  public int holders() {
    return bindings.held();
  }

  /** How many workloads addresses are kept for, those of an earlier life included. */
  public int bindings() {
    return bindings.size();
  }

  /** How full each own prefix is now; a snapshot. */
  public List<PoolStatus> pools() {
    PrefixSet resting = bindings.resting();
    return source.current().prefixes().stream().map(own -> book.fill(own, resting)).toList();
  }

  /** How many parts of the own prefixes are given out: one per family and extra prefix. */
  public long live() {
    return book.live();
  }

  /**
   * A client moved here from a dead endpoint still carries that one's addresses and routes, and one
   * that was moved to another prefix the former ones.
   */
  private static IpContext withoutForeign(IpContext asked, List<IpPrefix> own) {
    PrefixSet ours = PrefixSet.of(own);
    boolean foreign =
        !asked.endpointAddresses().isEmpty()
            && asked.endpointAddresses().stream().noneMatch(a -> ours.contains(a.address()));
    return foreign
        ? asked
            .withAddresses(List.of(), List.of())
            .withRoutes(List.of(), List.of())
            .withExtraPrefixes(List.of())
        : asked;
  }

  private static IpContext context(IpContext asked, PrefixSet earlier, Grant grant)
      throws EndpointException {
    List<InterfaceAddress> client = grant.shares().stream().map(Share::client).toList();
    List<InterfaceAddress> endpoint = grant.shares().stream().map(Share::endpoint).toList();
    return asked
        .withAddresses(client, endpoint)
        .withRoutes(
            byWayOf(endpoint, clientRoutes(asked, grant)),
            byWayOf(client, endpointRoutes(asked, earlier, grant)))
        .withExtraPrefixes(grant.extras());
  }

  private static List<Route> byWayOf(List<InterfaceAddress> otherSide, List<Route> routes) {
    return routes.stream().map(route -> route.byWayOf(otherSide)).toList();
  }

  /**
   * Ours first; then the rest, but for routes by way of an address that the endpoint has no more.
   */
  private static List<Route> clientRoutes(IpContext asked, Grant grant) {
    List<Route> routes = new ArrayList<>();
    grant.shares().forEach(share -> routes.addAll(share.clientRoutes()));
    asked.clientRoutes().stream()
        .filter(route -> route.nextHop().map(hop -> has(grant, hop.toPrefix())).orElse(true))
        .forEach(route -> addNew(routes, route));
    return routes;
  }

  private static boolean has(Grant grant, IpPrefix endpointAddress) {
    return grant.shares().stream()
        .anyMatch(share -> share.endpoint().address().toPrefix().equals(endpointAddress));
  }

  /**
   * A workload may have routed to it what it was granted; what it was granted before is dropped.
   */
  private static List<Route> endpointRoutes(IpContext asked, PrefixSet earlier, Grant grant)
      throws EndpointException {
    List<Route> routes = new ArrayList<>();
    grant.shares().forEach(share -> routes.addAll(share.endpointRoutes()));
    PrefixSet granted = grant.reachable();
    for (Route route : asked.endpointRoutes()) {
      if (granted.contains(route.destination())) {
        boolean moved = route.nextHop().filter(hop -> isGone(hop, earlier, granted)).isPresent();
        addNew(routes, moved ? Route.to(route.destination()) : route);
      } else if (!earlier.contains(route.destination())) {
        throw new EndpointException(
            Reason.INVALID,
            "connection.context.ip.endpointRoutes: %s (expected: inside what was granted, %s) [dst_routes in NSM v1]"
                .formatted(route.destination(), granted));
      }
    }
    return routes;
  }

  private static boolean isGone(IpAddress router, PrefixSet earlier, PrefixSet granted) {
    return earlier.contains(router) && !granted.contains(router);
  }

  /** The addresses that, by its request, an earlier life of ours granted. */
  private static PrefixSet carried(IpContext asked, List<IpPrefix> own) {
    List<IpPrefix> all = new ArrayList<>(asked.extraPrefixes());
    asked.clientAddresses().forEach(address -> all.add(address.address().toPrefix()));
    return PrefixSet.of(all).intersect(PrefixSet.of(own));
  }

  private static void addNew(List<Route> routes, Route route) {
    if (routes.stream().noneMatch(r -> r.destination().equals(route.destination()))) {
      routes.add(route);
    }
  }

  /** A change between the look at the source and the commit found no holder to move. */
  private void moveIfChanged(PrefixSource.State granted, ConnectionHandle handle) {
    PrefixSource.State now = source.current();
    if (now instanceof PrefixSource.Known && !now.equals(granted)) {
      move(handle);
    }
  }

  private void moveHolders() {
    if (source.current() instanceof PrefixSource.Known) {
      bindings.holders().forEach(this::move);
    }
  }

  /** Repeats the request: the chain then sees that the address is no longer of the own prefix. */
  private void move(ConnectionHandle handle) {
    var unused = handle.request(request -> request).whenComplete((c, why) -> moved(handle, why));
  }

  private static void moved(ConnectionHandle handle, @Nullable Throwable failure) {
    if (failure == null) {
      LOG.debug("connection {}: moved to the new prefix", handle.id());
    } else {
      LOG.warn("connection {}: not moved to the new prefix", handle.id(), failure);
    }
  }
}
