package io.vl3.cli.config;

import io.vl3.ipam.AddressingMode;
import io.vl3.mesh.ClaimLimit;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How an endpoint comes by its own prefix, and what it does with it.
 *
 * @param pools the network's pools: one, or one of each family
 * @param prefixLengths the length of an own prefix cut from each pool, in the pools' order
 * @param claimLengths of each pool a peer may claim as much as one prefix of this length
 * @param routes more prefixes that workloads route to the vL3
 * @param serverAddress the central IPAM, which then gives the prefix
 * @param addressing how workload links are addressed
 * @param excluded never given to anybody
 * @param choice which prefix is the endpoint's own
 * @param rest how long a freed address is given to nobody
 */
public record IpamConfig(
    List<IpPrefix> pools,
    List<Integer> prefixLengths,
    List<Integer> claimLengths,
    List<IpPrefix> routes,
    Optional<String> serverAddress,
    AddressingMode addressing,
    List<IpPrefix> excluded,
    PrefixChoice choice,
    Duration rest) {

  /** Copies the lists. */
  public IpamConfig {
    pools = List.copyOf(pools);
    prefixLengths = List.copyOf(prefixLengths);
    claimLengths = List.copyOf(claimLengths);
    routes = List.copyOf(routes);
    excluded = List.copyOf(excluded);
  }

  /** The endpoint's own prefixes, one per pool; empty if the central IPAM gives them. */
  public List<IpPrefix> ownPrefixes() {
    return choice.cutFrom(pools, prefixLengths);
  }

  /** How much of the network a peer may claim. */
  public ClaimLimit claims() {
    return new ClaimLimit(claimLength(IpFamily.IPV4, 24), claimLength(IpFamily.IPV6, 64));
  }

  /** Of pools that are not in the file a peer has what prefix servers usually give. */
  private int claimLength(IpFamily family, int usual) {
    for (int i = 0; i < pools.size(); i++) {
      if (pools.get(i).family() == family) {
        return claimLengths.get(i);
      }
    }
    return usual;
  }

  /** The addressing as the file spells it. */
  public String addressingWord() {
    return switch (addressing) {
      case POINT_TO_POINT -> "point-to-point";
      case POINT_TO_POINT_31 -> "point-to-point-31";
      case UNNUMBERED -> "unnumbered";
    };
  }
}
