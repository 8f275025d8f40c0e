package io.vl3.ipam;

import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.util.ArrayList;
import java.util.List;

/**
 * All that a connection was given: a share per family, and extra prefixes.
 *
 * @param shares in the order of the own prefixes
 * @param extras in the order asked
 */
record Grant(List<Share> shares, List<IpPrefix> extras) {

  static final Grant NOTHING = new Grant(List.of(), List.of());

  Grant {
    shares = List.copyOf(shares);
    extras = List.copyOf(extras);
  }

  /** The addresses that the endpoint may route to the client. */
  PrefixSet reachable() {
    List<IpPrefix> all = new ArrayList<>(extras);
    shares.forEach(share -> all.add(share.client().address().toPrefix()));
    return PrefixSet.of(all);
  }
}
