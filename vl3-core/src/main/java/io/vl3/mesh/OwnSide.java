package io.vl3.mesh;

import io.vl3.connection.DnsConfig;
import io.vl3.connection.Route;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.ipam.PrefixSource;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What we show on a link to a peer: our address in each own prefix, the first that is not excluded,
 * alone, and by way of it routes to the address and to the prefix, as NSM's own vL3 does.
 *
 * @param addresses the addresses
 * @param routes the routes
 */
record OwnSide(List<InterfaceAddress> addresses, List<Route> routes) {

  /** Our side now; UNAVAILABLE while we have no prefix. */
  static OwnSide of(Vl3Network network) throws EndpointException {
    PrefixSource.State state = network.source().current();
    if (state instanceof PrefixSource.Missing missing) {
      throw new EndpointException(
          Reason.UNAVAILABLE, "%s [%s]".formatted(missing.why(), network.ownName()));
    }
    return of(state.prefixes(), network);
  }

  /** Our side now; empty while we have no prefix. */
  static Optional<OwnSide> known(Vl3Network network) {
    List<IpPrefix> prefixes = network.ownPrefixes();
    return prefixes.isEmpty() ? Optional.empty() : Optional.of(of(prefixes, network));
  }

  /** Our side, and that the whole network is reached by way of us. */
  OwnSide withAggregates(List<IpPrefix> pools) {
    List<Route> all = new ArrayList<>(routes);
    for (IpPrefix pool : pools) {
      Optional<IpAddress> first =
          addresses.stream()
              .map(InterfaceAddress::address)
              .filter(address -> address.family() == pool.family())
              .findFirst();
      all.add(new Route(pool, first));
    }
    return new OwnSide(addresses, List.copyOf(all));
  }

  private static OwnSide of(List<IpPrefix> prefixes, Vl3Network network) {
    List<InterfaceAddress> addresses = new ArrayList<>();
    List<Route> routes = new ArrayList<>();
    for (IpPrefix prefix : prefixes) {
      IpAddress own = network.ownAddress(prefix);
      addresses.add(InterfaceAddress.host(own));
      routes.add(Route.via(own.toPrefix(), own));
      routes.add(Route.via(prefix, own));
    }
    return new OwnSide(List.copyOf(addresses), List.copyOf(routes));
  }

  /**
   * Marks a request as a peer's for NSM's own vL3, which takes a caller with DNS server and own
   * address for one, and asks that server about names it does not know.
   */
  DnsConfig dns() {
    return new DnsConfig(addresses.stream().map(InterfaceAddress::address).toList(), List.of());
  }
}
