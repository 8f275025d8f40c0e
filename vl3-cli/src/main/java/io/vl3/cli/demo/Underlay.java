package io.vl3.cli.demo;

import io.vl3.cli.demo.DemoPlan.Domain;
import io.vl3.linux.Netns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The wires that stand in for the machines' network: every node has an interface {@code underlay0}
 * on one bridge in the hub namespace. Workload namespaces start empty.
 */
final class Underlay {

  private Underlay() {}

  static void build(DemoPlan plan) throws IOException {
    Netns.createAll(plan.namespaces());
    Ip.batch(plan.domains().stream().map(domain -> wire(plan, domain)).toList());
    Ip.batchIn(plan.hub(), bridge(plan));
    for (Domain domain : plan.domains()) {
      Ip.batchIn(domain.node(), node(domain));
    }
  }

  /** Both ends are made where they belong; this machine's own namespace never shows them. */
  static String wire(DemoPlan plan, Domain domain) {
    return "link add name %s netns %s type veth peer name underlay0 netns %s"
        .formatted(domain.name(), plan.hub(), domain.node());
  }

  static List<String> bridge(DemoPlan plan) {
    List<String> commands = new ArrayList<>();
    commands.add("link add name br0 type bridge");
    commands.add("link set dev br0 up");
    for (Domain domain : plan.domains()) {
      commands.add("link set dev " + domain.name() + " master br0 up");
    }
    return commands;
  }

  private static List<String> node(Domain domain) {
    return List.of(
        "link set dev lo up",
        "address add " + domain.underlayAddress() + "/24 dev underlay0",
        "link set dev underlay0 up");
  }
}
