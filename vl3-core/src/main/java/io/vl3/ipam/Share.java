package io.vl3.ipam;

import io.vl3.connection.Route;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.util.List;

/**
 * What a connection has of one own prefix.
 *
 * @param own the endpoint's prefix
 * @param block what is taken of it
 */
record Share(
    IpPrefix own,
    IpPrefix block,
    InterfaceAddress client,
    InterfaceAddress endpoint,
    List<Route> clientRoutes,
    List<Route> endpointRoutes) {

  IpFamily family() {
    return own.family();
  }

  /** Whether a connection with these exclusions may have it. */
  boolean clearOf(PrefixSet excluded) {
    return !excluded.overlaps(block) && !excluded.contains(endpoint.address());
  }
}
