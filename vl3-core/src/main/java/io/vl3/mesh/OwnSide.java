package io.vl3.mesh;

import io.vl3.connection.DnsConfig;
import io.vl3.connection.Route;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.Reason;
import io.vl3.ipam.PrefixSource;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/**
 * What we show on a link to a peer: the first address of each own prefix, alone, and by way of it
 * routes to the address and to the prefix, as NSM's own vL3 does.
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
    List<InterfaceAddress> addresses = new ArrayList<>();
    List<Route> routes = new ArrayList<>();
    for (IpPrefix prefix : state.prefixes()) {
      IpAddress first = prefix.first();
      addresses.add(InterfaceAddress.host(first));
      routes.add(Route.via(first.toPrefix(), first));
      routes.add(Route.via(prefix, first));
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
