package io.vl3.mesh;

import io.vl3.connection.ConnectionId;
import io.vl3.connection.Route;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import io.vl3.registry.EndpointRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Judges what a peer announces against our own prefixes and the pools. */
final class Announcement {

  private final Vl3Network network;
  private final PrefixTable table;
  private final EndpointRecord peer;
  private final ConnectionId over;
  private final String field;

  /**
   * A judge of one peer.
   *
   * @param over the connection over which it announces
   * @param field where the routes came from, for messages
   */
  Announcement(
      Vl3Network network, PrefixTable table, EndpointRecord peer, ConnectionId over, String field) {
    this.network = network;
    this.table = table;
    this.peer = peer;
    this.over = over;
    this.field = field;
  }

  /**
   * The prefixes to believe: each inside a pool and apart from ours. Aggregates, which contain ours
   * or a whole pool, are left out: they say nothing about the peer.
   *
   * @throws EndpointException CONFLICT for an overlap with ours, INVALID outside of the pools, for
   *     more than one peer's part of them, or for nothing at all
   */
  List<IpPrefix> believed(List<Route> routes) throws EndpointException {
    Set<IpPrefix> believed = new LinkedHashSet<>();
    List<IpPrefix> aggregates = new ArrayList<>();
    Set<IpPrefix> announced = destinations(routes);
    for (IpPrefix destination : announced) {
      if (isBesideThePrefix(destination, announced)) {
        continue;
      }
      if (isAggregate(destination)) {
        aggregates.add(destination);
      } else {
        checkApart(destination);
        checkInside(destination);
        believed.add(destination);
      }
    }
    if (believed.isEmpty()) {
      throw nothingLeft(aggregates);
    }
    for (IpPrefix pool : network.pools()) {
      checkShare(PrefixSet.of(believed.stream().filter(pool::contains).toList()), pool);
    }
    table.settle(peer.name());
    return List.copyOf(believed);
  }

  /**
   * Whether it is the peer's own address, which its prefix contains, or what NSM's own vL3 takes
   * for the whole network: half of the family's bits around its prefix, however large the pool is.
   */
  private static boolean isBesideThePrefix(IpPrefix destination, Set<IpPrefix> announced) {
    int bits = destination.family().bits();
    boolean isAddress = destination.length() == bits;
    boolean isHalf = destination.length() == bits / 2;
    return announced.stream()
        .filter(other -> !other.equals(destination))
        .anyMatch(
            other ->
                isAddress
                    ? other.contains(destination)
                    : isHalf && other.length() < bits && destination.contains(other));
  }

  /**
   * The routes to install: those inside of what is believed, and for a spoke those of its uplink.
   */
  List<Route> routes(List<IpPrefix> believed, List<Route> announced) {
    Stream<Route> inside =
        announced.stream()
            .filter(route -> believed.stream().anyMatch(p -> p.contains(route.destination())));
    return Stream.concat(inside, aggregates(announced).stream()).toList();
  }

  /**
   * Whoever programs the link may install what the peer answers before we can leave anything out:
   * an aggregate would lead there what is others' or ours. NSM's own vL3 always answers with one.
   *
   * @param asUplink whether we have asked for the way to the pools
   * @throws EndpointException INVALID for any other
   */
  void refuseAggregates(List<Route> announced, boolean asUplink) throws EndpointException {
    Set<IpPrefix> destinations = destinations(announced);
    for (IpPrefix destination : destinations) {
      boolean expected =
          (asUplink && network.pools().contains(destination))
              || (peer.instance().isEmpty() && isBesideThePrefix(destination, destinations));
      if (isAggregate(destination) && !expected) {
        throw new EndpointException(
            Reason.INVALID,
            "%s: %s of peer %s (expected: its own prefix; it is no way to others)"
                .formatted(field, destination, peer.name()));
      }
    }
  }

  /**
   * Checks the addresses that the peer shows as its own.
   *
   * @param shown where they came from, for messages
   * @throws EndpointException INVALID for one outside of what is believed
   */
  void checkAddresses(String shown, List<InterfaceAddress> addresses, List<IpPrefix> believed)
      throws EndpointException {
    for (InterfaceAddress address : addresses) {
      if (believed.stream().noneMatch(prefix -> prefix.contains(address.address()))) {
        throw new EndpointException(
            Reason.INVALID,
            "%s: %s of peer %s (expected: inside %s)"
                .formatted(shown, address, peer.name(), believed));
      }
    }
  }

  /** For a spoke the routes to the pools, over the one hub that is its uplink. */
  private List<Route> aggregates(List<Route> announced) {
    return table.uplink().isOver(network.self().get(), peer)
        ? announced.stream().filter(r -> network.pools().contains(r.destination())).toList()
        : List.of();
  }

  private static Set<IpPrefix> destinations(List<Route> routes) {
    return routes.stream()
        .map(Route::destination)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private boolean isAggregate(IpPrefix destination) {
    return network.pools().stream().anyMatch(destination::contains)
        || network.ownPrefixes().stream()
            .anyMatch(own -> destination.contains(own) && !destination.equals(own));
  }

  private void checkApart(IpPrefix destination) throws EndpointException {
    for (IpPrefix own : network.ownPrefixes()) {
      if (destination.overlaps(own)) {
        throw conflict(destination, own);
      }
    }
  }

  private void checkInside(IpPrefix destination) throws EndpointException {
    if (network.pools().stream().noneMatch(pool -> pool.contains(destination))) {
      throw new EndpointException(
          Reason.INVALID,
          "%s: %s of peer %s (expected: inside %s)"
              .formatted(field, destination, peer.name(), network.pools()));
    }
  }

  /** Checks the share that a peer claims of one pool. */
  private void checkShare(PrefixSet claimed, IpPrefix pool) throws EndpointException {
    int limit = network.claims().length(pool.family(), network.ownPrefixes());
    if (!ClaimLimit.fit(claimed.prefixes(), limit)) {
      throw new EndpointException(
          Reason.INVALID,
          "%s: %s of peer %s (expected: no more of %s than a /%d, the network's prefix length)"
              .formatted(field, claimed.prefixes(), peer.name(), pool, limit));
    }
  }

  /** A peer whose own prefix contains ours looks as if it had announced aggregates only. */
  private EndpointException nothingLeft(List<IpPrefix> aggregates) {
    Optional<IpPrefix> narrowest =
        aggregates.stream()
            .filter(prefix -> network.pools().stream().noneMatch(prefix::contains))
            .max((one, other) -> Integer.compare(one.length(), other.length()));
    List<IpPrefix> own = network.ownPrefixes();
    if (narrowest.isPresent() && !own.isEmpty()) {
      return conflict(narrowest.get(), own.get(0));
    }
    return new EndpointException(
        Reason.INVALID,
        "%s: %s (expected: the own prefix of peer %s)".formatted(field, aggregates, peer.name()));
  }

  /** The later registered of the two has to give way; the earlier refuses only this link. */
  private EndpointException conflict(IpPrefix theirs, IpPrefix own) {
    String ownName = network.ownName();
    String message =
        "%s: %s of peer %s (expected: apart from %s of %s)"
            .formatted(field, theirs, peer.name(), own, ownName);
    boolean givesWay = Seniority.isLater(network.self().get(), peer);
    table.note(new PrefixOverlap(ownName, own, peer.name(), theirs, givesWay), over);
    return new EndpointException(Reason.CONFLICT, message);
  }
}
