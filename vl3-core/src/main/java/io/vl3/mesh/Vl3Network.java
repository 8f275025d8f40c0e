package io.vl3.mesh;

import io.vl3.ipam.PrefixSource;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import io.vl3.registry.EndpointRecord;
import java.util.List;
import java.util.function.Supplier;

/**
 * The layer-3 network that an endpoint is part of, as everything in this package must agree on it.
 *
 * @param self our own registration; its name and first registration time decide who dials
 * @param source the prefixes that we own; it may have none yet, and may change them
 * @param pools what the whole network lies in: the workloads' routes, and what peers may announce;
 *     empty: half of the family's bits around each own prefix, as NSM's own vL3 has it
 * @param routes further destinations that workloads get routes to
 * @param excluded what we never take as our own address, beside never giving it out
 * @param claims how much of the network a peer may claim
 */
public record Vl3Network(
    Supplier<EndpointRecord> self,
    PrefixSource source,
    List<IpPrefix> pools,
    List<IpPrefix> routes,
    PrefixSet excluded,
    ClaimLimit claims) {

  /** A network without exclusions and without a limit to what peers claim. */
  public Vl3Network(
      Supplier<EndpointRecord> self,
      PrefixSource source,
      List<IpPrefix> pools,
      List<IpPrefix> routes) {
    this(self, source, pools, routes, PrefixSet.EMPTY, ClaimLimit.NONE);
  }

  /** Copies the lists. */
  public Vl3Network {
    pools = List.copyOf(pools);
    routes = List.copyOf(routes);
  }

  /** The pools in which the whole network lies, as things stand. */
  @Override
  public List<IpPrefix> pools() {
    return pools.isEmpty()
        ? ownPrefixes().stream().map(Vl3Network::around).distinct().toList()
        : pools;
  }

  /**
   * Our address in a prefix that we own: the lowest that is not excluded, and the first where all
   * are.
   */
  public IpAddress ownAddress(IpPrefix own) {
    return excluded.firstOutside(own).orElse(own.first());
  }

  private static IpPrefix around(IpPrefix own) {
    int half = own.family().bits() / 2;
    return IpPrefix.containing(own.first(), Math.min(half, own.length()));
  }

  /** The prefixes that we own now; empty while there is none. */
  List<IpPrefix> ownPrefixes() {
    return source.current().prefixes();
  }

  /** Our own name without domain. */
  String ownName() {
    return self.get().localName();
  }
}
