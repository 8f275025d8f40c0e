package io.vl3.ipam;

import io.vl3.connection.IpContext;
import io.vl3.failure.EndpointException;
import io.vl3.ipam.IpamPlan.EndpointPlan;
import io.vl3.ipam.IpamPlan.Overlap;
import io.vl3.ipam.IpamPlan.Workload;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Works one plan out. Single use. */
final class Planner {

  private final IpamPlan.Input input;
  private final PrefixSet pools;
  private final List<EndpointPlan> endpoints = new ArrayList<>();
  private final List<Overlap> overlaps = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  Planner(IpamPlan.Input input) {
    this.input = input;
    this.pools = PrefixSet.of(input.pools());
  }

  IpamPlan plan() {
    checkPools();
    for (int index = 0; index < input.endpoints() && planned(index); index++) {}
    checkBetweenEndpoints();
    return new IpamPlan(endpoints, input.rule().capacity(), overlaps, problems);
  }

  private void checkPools() {
    List<IpPrefix> all = input.pools();
    for (int i = 0; i < all.size(); i++) {
      for (int j = i + 1; j < all.size(); j++) {
        if (all.get(i).overlaps(all.get(j))) {
          problem(new Overlap("pool", all.get(i), "pool", all.get(j)));
        }
      }
      checkAvoided("pool", all.get(i));
      noteExcluded(all.get(i));
    }
  }

  private void noteExcluded(IpPrefix pool) {
    for (IpPrefix excluded : input.excluded().prefixes()) {
      if (excluded.overlaps(pool)) {
        overlaps.add(new Overlap("pool", pool, "excluded", excluded));
      }
    }
  }

  private void checkAvoided(String what, IpPrefix network) {
    for (IpPrefix avoided : input.avoid()) {
      if (avoided.overlaps(network)) {
        problem(new Overlap(what, network, "avoided", avoided));
      }
    }
  }

  /** Plans one endpoint; false if the rule has no prefix for it. */
  private boolean planned(int index) {
    List<IpPrefix> own;
    try {
      own = new PrefixSource.Known(input.rule().prefixes(index)).prefixes();
    } catch (IllegalArgumentException noPrefix) {
      problems.add(
          "endpoint %d of %d: no prefix: %s"
              .formatted(index + 1, input.endpoints(), noPrefix.getMessage()));
      return false;
    }
    EndpointPlan endpoint = endpoint(index, own);
    endpoints.add(endpoint);
    checkEndpoint(endpoint);
    return true;
  }

  private EndpointPlan endpoint(int index, List<IpPrefix> own) {
    long workloads = workloads(own, input.excluded());
    // The later registered dials, so an endpoint answers those behind it.
    return new EndpointPlan(
        index + 1,
        own,
        workloads,
        workloads(own, PrefixSet.EMPTY) - workloads,
        padding(own, workloads),
        input.endpoints() - 1 - index,
        first(own));
  }

  private void checkEndpoint(EndpointPlan endpoint) {
    String name = "prefix of endpoint " + endpoint.number();
    for (IpPrefix prefix : endpoint.prefixes()) {
      if (!pools.contains(prefix)) {
        problems.add("%s: %s (expected: inside the pools %s)".formatted(name, prefix, pools));
        checkAvoided(name, prefix);
      }
    }
    if (endpoint.workloads() == 0) {
      problems.add(
          "endpoint %d: no workload fits in %s (expected: room for one)%s"
              .formatted(
                  endpoint.number(),
                  endpoint.prefixes(),
                  endpoint.lostToExclusions() > 0 ? " [all excluded]" : ""));
    } else if (input.legacyPeers() && endpoint.legacyPeerBlocks() >= endpoint.workloads()) {
      problems.add(
          "endpoint %d: %d blocks for peers of NSM 0.2 leave no workload room in %s (expected: fewer than %d)"
              .formatted(
                  endpoint.number(),
                  endpoint.legacyPeerBlocks(),
                  endpoint.prefixes(),
                  endpoint.workloads()));
    }
  }

  /** How many fit in the family that has least room. */
  private long workloads(List<IpPrefix> own, PrefixSet excluded) {
    long least = Long.MAX_VALUE;
    for (IpFamily family : IpFamily.values()) {
      List<IpPrefix> ofFamily = own.stream().filter(p -> p.family() == family).toList();
      if (!ofFamily.isEmpty()) {
        least = Math.min(least, room(ofFamily, family, excluded));
      }
    }
    return least;
  }

  private long room(List<IpPrefix> own, IpFamily family, PrefixSet excluded) {
    long sum = 0;
    for (OwnPrefix at : OwnPrefix.all(own, excluded)) {
      PrefixSet usable =
          PrefixSet.of(at.prefix()).subtract(excluded.union(input.addressing().reserved(at)));
      long blocks = usable.blocks(family, input.addressing().blockLength(family));
      sum = sum + blocks < 0 ? Long.MAX_VALUE : sum + blocks;
    }
    return sum;
  }

  private long padding(List<IpPrefix> own, long workloads) {
    long families = own.stream().map(IpPrefix::family).distinct().count();
    long each = input.addressing() == AddressingMode.POINT_TO_POINT ? 2 * families : 0;
    return each > 0 && workloads > Long.MAX_VALUE / each ? Long.MAX_VALUE : workloads * each;
  }

  /** The first workloads' addresses, as the endpoint itself would assign them. */
  private List<Workload> first(List<IpPrefix> own) {
    AddressBook book = new AddressBook(input.excluded());
    List<OwnPrefix> places = book.own(own);
    List<Workload> first = new ArrayList<>();
    while (first.size() < input.samples()) {
      try {
        Grant grant =
            new Assignment(
                    book, input.addressing(), places, Grant.NOTHING, IpContext.EMPTY, block -> {})
                .assign();
        first.add(
            new Workload(
                grant.shares().stream().map(Share::client).toList(),
                grant.shares().stream().map(Share::endpoint).toList()));
      } catch (EndpointException full) {
        return first;
      }
    }
    return first;
  }

  /** Every two endpoints with common addresses show in address order, next to the widest before. */
  private void checkBetweenEndpoints() {
    List<Owned> all =
        endpoints.stream()
            .flatMap(e -> e.prefixes().stream().map(p -> new Owned(e.number(), p)))
            .sorted(Comparator.comparing(Owned::prefix).thenComparing(Owned::number))
            .toList();
    Owned widest = null;
    for (Owned next : all) {
      if (widest != null && widest.prefix.overlaps(next.prefix)) {
        problem(new Overlap(next.name(), next.prefix, widest.name(), widest.prefix));
      } else {
        widest = next;
      }
    }
  }

  private void problem(Overlap overlap) {
    overlaps.add(overlap);
    problems.add(overlap.toString());
  }

  private record Owned(int number, IpPrefix prefix) {
    String name() {
      return "prefix of endpoint " + number;
    }
  }
}
