package io.vl3.cli.verify;

import io.vl3.api.admin.v1.Connection;
import io.vl3.cli.admin.Member;
import io.vl3.cli.pairs.Pair;
import io.vl3.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which ways there are to be tried.
 *
 * @param pairs between every two workloads of a network, in both directions
 * @param links between the two ends of each link: a workload and its NSE, an NSE and its peers
 * @param hopeless pairs that need no try: one of the two has no address
 * @param skipped who cannot send from here, and why
 */
record Ways(List<Way> pairs, List<Way> links, List<Pair> hopeless, List<Skipped> skipped) {

  /** The MTU of an interface that nobody knows, as the kernel gives it. */
  private static final int USUAL_MTU = 1500;

  /** An attempt that was skipped, and why. */
  record Skipped(String what, String why) {}

  /**
   * Those of the members' parties.
   *
   * @param only names of workloads; empty: all
   */
  static Ways of(List<Member> members, Set<String> only) {
    Ways ways =
        new Ways(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<Party> workloads =
        Party.workloads(members).stream()
            .filter(party -> only.isEmpty() || only.contains(party.name()))
            .toList();
    workloads.forEach(from -> ways.addAll(from, workloads));
    if (only.isEmpty()) {
      List<Connection> connections =
          members.stream().flatMap(member -> member.connections().stream()).toList();
      Party.nses(members).forEach(nse -> ways.addPeers(nse, connections));
    }
    return ways;
  }

  private void addAll(Party from, List<Party> workloads) {
    if (from.namespace().isEmpty()) {
      skipped.add(new Skipped(from.name(), "its namespace cannot be entered from here"));
      return;
    }
    int mtuBytes = from.workload().flatMap(own -> from.mtuOf(own.getInterface())).orElse(USUAL_MTU);
    from.workload().stream()
        .flatMap(own -> own.getEndpointAddressesList().stream())
        .flatMap(text -> Party.address(text).stream())
        .forEach(
            address ->
                links.add(
                    way(from, mtuBytes, from.workload().orElseThrow().getEndpoint(), address)));
    workloads.stream()
        .filter(to -> !to.equals(from) && to.service().equals(from.service()))
        .forEach(to -> addPair(from, mtuBytes, to));
  }

  private void addPair(Party from, int mtuBytes, Party to) {
    List<IpAddress> reachable =
        to.addresses().stream()
            .filter(
                address ->
                    from.addresses().stream().anyMatch(own -> own.family() == address.family()))
            .toList();
    reachable.forEach(address -> pairs.add(way(from, mtuBytes, to.name(), address)));
    if (reachable.isEmpty()) {
      String without = from.addresses().isEmpty() ? from.name() : to.name();
      String why =
          from.addresses().isEmpty() || to.addresses().isEmpty()
              ? without + " has no address"
              : "they have no address of one family";
      hopeless.add(Pair.failed(from.name(), to.name(), "", why));
    }
  }

  private void addPeers(Party nse, List<Connection> connections) {
    List<Connection> own =
        connections.stream()
            .filter(each -> each.getNse().equals(nse.name()) && !each.getKind().equals("workload"))
            .toList();
    if (own.isEmpty()) {
      return;
    }
    if (nse.namespace().isEmpty()) {
      skipped.add(new Skipped(nse.name(), "it has no namespace that can be entered from here"));
      return;
    }
    for (Connection link : own) {
      int mtuBytes = nse.mtuOf(link.getInterface()).orElse(USUAL_MTU);
      otherSide(link).stream()
          .flatMap(text -> Party.address(text).stream())
          .forEach(address -> links.add(way(nse, mtuBytes, link.getOther(), address)));
    }
  }

  private static List<String> otherSide(Connection link) {
    return link.getKind().equals("dialled")
        ? link.getEndpointAddressesList()
        : link.getClientAddressesList();
  }

  private static Way way(Party from, int mtuBytes, String to, IpAddress address) {
    return new Way(from.name(), from.namespace().orElseThrow(), mtuBytes, to, address);
  }
}
