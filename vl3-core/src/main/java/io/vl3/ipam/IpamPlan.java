package io.vl3.ipam;

import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.util.List;

/**
 * What addressing will come to, worked out before anything runs and by the same code that runs.
 *
 * @param endpoints what each endpoint gets; ends where the rule has no more prefixes
 * @param capacity for how many endpoints there are prefixes; saturates at 2^63-1
 * @param overlaps networks that share addresses
 * @param problems why the plan cannot work; empty if it can
 */
public record IpamPlan(
    List<EndpointPlan> endpoints, long capacity, List<Overlap> overlaps, List<String> problems) {

  /** Copies the lists. */
  public IpamPlan {
    endpoints = List.copyOf(endpoints);
    overlaps = List.copyOf(overlaps);
    problems = List.copyOf(problems);
  }

  /** Works a plan out. Pure. */
  public static IpamPlan of(Input input) {
    return new Planner(input).plan();
  }

  /** Whether it can work. */
  public boolean works() {
    return problems.isEmpty();
  }

  /**
   * What to plan for.
   *
   * @param pools what the whole network lies in
   * @param rule which prefixes each endpoint gets
   * @param addressing how workloads' addresses are made of them
   * @param excluded what is never given out
   * @param avoid networks that the vL3 must not touch
   * @param endpoints how many endpoints, 1 to 100,000
   * @param samples how many workloads' first addresses to show per endpoint, 0 to 1,000
   * @param legacyPeers whether the peers speak NSM 0.2, whose links take a block each
   */
  public record Input(
      List<IpPrefix> pools,
      PrefixRule rule,
      AddressingMode addressing,
      PrefixSet excluded,
      List<IpPrefix> avoid,
      int endpoints,
      int samples,
      boolean legacyPeers) {

    /** Copies the lists; refuses numbers out of range. */
    public Input {
      pools = List.copyOf(pools);
      avoid = List.copyOf(avoid);
      check("pools", pools.size(), 1, Integer.MAX_VALUE);
      check("endpoints", endpoints, 1, 100_000);
      check("samples", samples, 0, 1_000);
    }

    private static void check(String subject, int value, int least, int most) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(
            "%s: %d (expected: %d..%d)".formatted(subject, value, least, most));
      }
    }
  }

  /**
   * What one endpoint gets.
   *
   * @param number the endpoint, counted from 1
   * @param prefixes its own prefixes
   * @param workloads how many workloads fit; saturates at 2^63-1
   * @param lostToExclusions how many more would fit without the exclusions
   * @param paddingAddresses addresses of the workloads' blocks that nobody can use: the first and
   *     last of each /30 or /126; saturates
   * @param legacyPeerBlocks how many blocks peers that speak NSM 0.2 would take when this endpoint
   *     answers them: one per endpoint that registered later
   * @param first the addresses of the workloads that come first
   */
  public record EndpointPlan(
      int number,
      List<IpPrefix> prefixes,
      long workloads,
      long lostToExclusions,
      long paddingAddresses,
      int legacyPeerBlocks,
      List<Workload> first) {

    /** Copies the lists. */
    public EndpointPlan {
      prefixes = List.copyOf(prefixes);
      first = List.copyOf(first);
    }
  }

  /** The addresses of a workload's connection, one of each family on each side. */
  public record Workload(List<InterfaceAddress> client, List<InterfaceAddress> endpoint) {

    /** Copies the lists. */
    public Workload {
      client = List.copyOf(client);
      endpoint = List.copyOf(endpoint);
    }
  }

  /**
   * Two networks that share addresses.
   *
   * @param what what the first is: "pool", "prefix of endpoint 2"
   * @param network the first
   * @param with what the second is: "pool", "avoided", "excluded", "prefix of endpoint 1"
   * @param other the second
   */
  public record Overlap(String what, IpPrefix network, String with, IpPrefix other) {

    /** {@code WHAT NETWORK overlaps WITH OTHER}. */
    @Override
    public String toString() {
      return "%s %s overlaps %s %s".formatted(what, network, with, other);
    }
  }
}
