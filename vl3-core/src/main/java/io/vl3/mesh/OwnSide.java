package io.vl3.mesh;

import io.vl3.connection.Route;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.Reason;
import io.vl3.ipam.PrefixSource;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/**
 * What we show on a link to a peer: the first address of each own prefix, alone, and a route to the
 * prefix.
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
      addresses.add(InterfaceAddress.host(prefix.first()));
      routes.add(Route.to(prefix));
    }
    return new OwnSide(List.copyOf(addresses), List.copyOf(routes));
  }
}
