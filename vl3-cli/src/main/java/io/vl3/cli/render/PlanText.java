package io.vl3.cli.render;

import io.vl3.ipam.IpamPlan;
import io.vl3.ipam.IpamPlan.EndpointPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** An address plan as a table for people. */
public final class PlanText {

  private PlanText() {}

  /** The plans, one after the other. */
  public static String of(List<ServicePlan> plans, boolean legacyPeers) {
    return plans.stream().map(plan -> of(plan, legacyPeers)).collect(Collectors.joining("\n"));
  }

  private static String of(ServicePlan service, boolean legacyPeers) {
    IpamPlan plan = service.plan();
    StringBuilder out = new StringBuilder();
    out.append("network service ").append(service.service()).append('\n');
    out.append(facts(service).indented("  "));
    out.append('\n').append(endpoints(plan, legacyPeers).indented("  "));
    out.append('\n').append(legend(legacyPeers).indented("  "));
    section(out, "overlaps", plan.overlaps());
    section(out, "problems", plan.problems());
    return out.toString();
  }

  private static TextTable facts(ServicePlan service) {
    IpamPlan plan = service.plan();
    return new TextTable()
        .row(List.of("pool", joined(service.pools())))
        .row(List.of("addressing", service.addressing()))
        .row(List.of("prefix from", service.rule()))
        .row(List.of("room for", room(service)))
        .row(List.of("workloads", number(total(plan)) + " in all"));
  }

  private static String room(ServicePlan service) {
    long capacity = service.plan().capacity();
    String exhausted =
        capacity == Long.MAX_VALUE ? "" : "; exhausted by endpoint " + (capacity + 1);
    return "%s endpoints, %d planned%s".formatted(number(capacity), service.planned(), exhausted);
  }

  private static TextTable endpoints(IpamPlan plan, boolean legacyPeers) {
    TextTable table = new TextTable();
    List<String> head =
        new ArrayList<>(List.of("NSE", "PREFIX", "WORKLOADS", "EXCLUDED", "PADDING"));
    if (legacyPeers) {
      head.add("0.2 PEERS");
    }
    head.add("FIRST ADDRESSES");
    table.row(head);
    plan.endpoints().forEach(endpoint -> table.row(row(endpoint, legacyPeers)));
    return table;
  }

  /** The columns count different things. */
  private static TextTable legend(boolean legacyPeers) {
    TextTable legend =
        new TextTable()
            .row(List.of("WORKLOADS", "workloads that fit"))
            .row(List.of("EXCLUDED", "workloads that would fit too, without the exclusions"))
            .row(
                List.of(
                    "PADDING",
                    "addresses that nobody can have: first and last of workloads' blocks"));
    if (legacyPeers) {
      legend.row(List.of("0.2 PEERS", "workloads' blocks that links to peers of NSM 0.2 take"));
    }
    return legend.row(List.of("FIRST ADDRESSES", "what the workloads get that come first"));
  }

  private static List<String> row(EndpointPlan endpoint, boolean legacyPeers) {
    List<String> cells =
        new ArrayList<>(
            List.of(
                String.valueOf(endpoint.number()),
                joined(endpoint.prefixes()),
                number(endpoint.workloads()),
                number(endpoint.lostToExclusions()),
                number(endpoint.paddingAddresses())));
    if (legacyPeers) {
      cells.add(String.valueOf(endpoint.legacyPeerBlocks()));
    }
    cells.add(
        endpoint.first().stream()
            .map(workload -> joined(workload.client()))
            .collect(Collectors.joining(" ")));
    return cells;
  }

  static long total(IpamPlan plan) {
    long sum = 0;
    for (EndpointPlan endpoint : plan.endpoints()) {
      sum = sum + endpoint.workloads() < 0 ? Long.MAX_VALUE : sum + endpoint.workloads();
    }
    return sum;
  }

  private static String number(long count) {
    return count == Long.MAX_VALUE ? "2^63 or more" : String.valueOf(count);
  }

  private static void section(StringBuilder out, String title, List<?> lines) {
    if (!lines.isEmpty()) {
      out.append('\n').append("  ").append(title).append(":\n");
      lines.forEach(line -> out.append("  - ").append(line).append('\n'));
    }
  }

  private static String joined(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(","));
  }
}
