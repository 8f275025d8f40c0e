package io.vl3.cli.admin;

import io.vl3.api.admin.v1.Connection;
import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.Peer;
import io.vl3.api.admin.v1.Pool;
import io.vl3.api.admin.v1.Workload;
import io.vl3.net.DomainName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A network as nodes and links.
 *
 * @param nodes NSEs first, each kind by name
 * @param links links between NSEs first
 */
public record Topology(List<Node> nodes, List<Link> links) {

  static final String NSE = "nse";
  static final String WORKLOAD = "workload";
  static final String PEER = "peer";

  /** Copies the lists. */
  public Topology {
    nodes = List.copyOf(nodes);
    links = List.copyOf(links);
  }

  /**
   * An NSE or a workload.
   *
   * @param id unlike that of any other node
   * @param kind {@code nse} or {@code workload}
   * @param state as the admin API has it; {@code unseen}: only others speak of it
   * @param detail prefixes, or addresses
   */
  public record Node(String id, String kind, String name, String state, String detail) {}

  /**
   * A link.
   *
   * @param from a node's id
   * @param to a node's id
   * @param kind {@code peer} or {@code workload}
   * @param state of a peer's link as the worse of its two sides sees it
   */
  public record Link(String from, String to, String kind, String state) {}

  /** The network of the processes. */
  public static Topology of(List<Member> members) {
    return new Builder(members).build();
  }

  /** Puts together what the processes say of each other. */
  private static final class Builder {

    private final Map<String, Node> nses = new TreeMap<>();
    private final Map<String, Node> workloads = new TreeMap<>();
    private final Map<String, Link> peers = new TreeMap<>();
    private final List<Link> served = new ArrayList<>();
    private final List<Member> members;

    Builder(List<Member> members) {
      this.members = members;
    }

    Topology build() {
      members.forEach(member -> member.status().getNsesList().forEach(this::nse));
      members.forEach(member -> member.status().getNsesList().forEach(this::peers));
      members.forEach(member -> member.status().getWorkloadsList().forEach(this::workload));
      members.forEach(member -> member.connections().forEach(this::connection));
      List<Node> nodes = new ArrayList<>(nses.values());
      nodes.addAll(workloads.values());
      List<Link> links = new ArrayList<>(peers.values());
      links.addAll(served);
      return new Topology(nodes, links);
    }

    private void nse(Nse nse) {
      String prefixes =
          nse.getPoolsList().stream().map(Pool::getPrefix).collect(Collectors.joining(" "));
      nses.put(
          nse.getName(),
          new Node(nseId(nse.getName()), NSE, nse.getName(), nse.getState(), prefixes));
    }

    private void peers(Nse nse) {
      for (Peer peer : nse.getPeersList()) {
        String name = DomainName.withoutDomain(peer.getName());
        String prefixes = String.join(" ", peer.getPrefixesList());
        nses.putIfAbsent(name, new Node(nseId(name), NSE, name, "unseen", prefixes));
        boolean first = nse.getName().compareTo(name) < 0;
        String from = nseId(first ? nse.getName() : name);
        String to = nseId(first ? name : nse.getName());
        peers.merge(from + " " + to, new Link(from, to, PEER, peer.getState()), Builder::worse);
      }
    }

    private static Link worse(Link one, Link other) {
      return one.state().equals("up") ? other : one;
    }

    private void workload(Workload workload) {
      String id = workloadId(workload.getConnectionId());
      if (workload.getConnectionId().isEmpty()) {
        id = WORKLOAD + ":" + workload.getNamespace();
      }
      workloads.put(
          id,
          new Node(
              id,
              WORKLOAD,
              workload.getName(),
              workload.getState(),
              String.join(" ", workload.getAddressesList())));
      if (!workload.getEndpoint().isEmpty()) {
        String nse = DomainName.withoutDomain(workload.getEndpoint());
        nses.putIfAbsent(nse, new Node(nseId(nse), NSE, nse, "unseen", ""));
        served.add(new Link(id, nseId(nse), WORKLOAD, workload.getState()));
      }
    }

    /** Workloads of programs that are not asked. */
    private void connection(Connection connection) {
      String id = workloadId(connection.getFirstId());
      if (connection.getKind().equals("workload") && !workloads.containsKey(id)) {
        workloads.put(
            id,
            new Node(
                id,
                WORKLOAD,
                connection.getOther(),
                connection.getState(),
                String.join(" ", connection.getClientAddressesList())));
        served.add(new Link(id, nseId(connection.getNse()), WORKLOAD, connection.getState()));
      }
    }
  }

  /** The id of an NSE's node. */
  static String nseId(String name) {
    return NSE + ":" + name;
  }

  /** The id of a workload's node. */
  static String workloadId(String connectionId) {
    return WORKLOAD + ":" + connectionId;
  }

  /** The ends of a connection's link, as {@link Link} has them. */
  public static List<String> ends(Connection connection) {
    String nse = nseId(connection.getNse());
    if (connection.getKind().equals(WORKLOAD)) {
      return List.of(workloadId(connection.getFirstId()), nse);
    }
    String peer = nseId(DomainName.withoutDomain(connection.getOther()));
    return nse.compareTo(peer) < 0 ? List.of(nse, peer) : List.of(peer, nse);
  }
}
