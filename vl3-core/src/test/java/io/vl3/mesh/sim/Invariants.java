package io.vl3.mesh.sim;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.Route;
import io.vl3.dataplane.Link;
import io.vl3.mesh.PeerState;
import io.vl3.mesh.PeerStatus;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold whenever nothing has happened for a while. */
final class Invariants {

  private static final int MOST_HOPS = 3;

  private final World world;
  private final List<String> broken = new ArrayList<>();

  private Invariants(World world) {
    this.world = world;
  }

  /** What is wrong with a world at rest; empty if all is well. */
  static List<String> broken(World world) {
    Invariants all = new Invariants(world);
    all.check(true);
    return all.broken;
  }

  /** What is wrong with a world that may still have something to clear away. */
  static List<String> unjoined(World world) {
    Invariants all = new Invariants(world);
    all.check(false);
    return all.broken;
  }

  /** What is wrong with a world in which two NSEs have one prefix. */
  static List<String> undecided(World world, Nse earlier, Nse later) {
    List<String> broken = new ArrayList<>();
    boolean unnoticed = arePeers(earlier, later) && later.table().dispute().isEmpty();
    if (earlier.table().dispute().isPresent() || unnoticed) {
      broken.add(
          "%s: %s, %s: %s (expected: the later disputed)"
              .formatted(
                  earlier.node(),
                  earlier.table().dispute(),
                  later.node(),
                  later.table().dispute()));
    }
    IpPrefix prefix = earlier.prefixes().get(0);
    for (Nse nse : world.running()) {
      List<String> holders =
          nse.table().announced().entrySet().stream()
              .filter(peer -> peer.getValue().stream().anyMatch(prefix::overlaps))
              .map(Map.Entry::getKey)
              .toList();
      boolean outsider = arePeers(nse, earlier) && nse != later;
      boolean one = nse == earlier || nse == later;
      if (holders.size() > (one ? 0 : 1) || (outsider && holders.isEmpty())) {
        broken.add("%s: %s has %s".formatted(nse.node(), prefix, holders));
      } else if (outsider && !nse.leadsTo(prefix, earlier)) {
        broken.add("%s: %s does not lead to %s".formatted(nse.node(), prefix, earlier.node()));
      }
    }
    return broken;
  }

  /** What is left of a world in which everything was stopped. */
  static List<String> leftovers(World world) {
    List<String> left = new ArrayList<>();
    world.nodes().forEach(node -> left.addAll(leftovers(node)));
    for (Node.Domain domain : world.domains()) {
      if (domain.registry().watching() > 0) {
        left.add("%s: %d watches".formatted(domain.place(), domain.registry().watching()));
      }
    }
    return left;
  }

  private static List<String> leftovers(Node node) {
    List<String> left = new ArrayList<>();
    node.running.ifPresent(nse -> left.add("%s: still running".formatted(node)));
    if (node.kernel.size() > 0) {
      left.add("%s: %d links".formatted(node, node.kernel.size()));
    }
    return left;
  }

  private void check(boolean atRest) {
    List<Nse> nses = world.running();
    Map<Set<String>, List<String>> links = new HashMap<>();
    Map<String, Set<ConnectionId>> served = new HashMap<>();
    for (Nse nse : nses) {
      for (Connection link : nse.client().connections()) {
        dialled(nse, link, links, served);
      }
    }
    for (int i = 0; i < nses.size(); i++) {
      for (int j = i + 1; j < nses.size(); j++) {
        pair(nses.get(i), nses.get(j), links);
      }
      Nse nse = nses.get(i);
      if (atRest) {
        int peers = (int) nses.stream().filter(other -> arePeers(nse, other)).count();
        sizes(nse, served.getOrDefault(nse.node().place, Set.of()), peers);
      }
      prefixes(nse, nses);
      routes(nse, nses, atRest);
    }
  }

  private void dialled(
      Nse from,
      Connection link,
      Map<Set<String>, List<String>> links,
      Map<String, Set<ConnectionId>> served) {
    String title = Kernel.title(link.path());
    Optional<Node> other = world.other(from.node(), title).findFirst();
    if (other.isEmpty() || other.get().running.isEmpty()) {
      broken.add("%s: link to %s has no other end".formatted(from.node(), link.endpointName()));
      return;
    }
    Nse to = other.get().running.get();
    if (to.server().handle(link.requireId()).established().isEmpty()) {
      broken.add("%s: link to %s is unknown there".formatted(from.node(), to.node()));
    }
    served.computeIfAbsent(to.node().place, p -> new HashSet<>()).add(link.requireId());
    links
        .computeIfAbsent(Set.of(from.node().place, to.node().place), p -> new ArrayList<>())
        .add(title);
  }

  private void pair(Nse one, Nse other, Map<Set<String>, List<String>> links) {
    int count = links.getOrDefault(Set.of(one.node().place, other.node().place), List.of()).size();
    if (count != (arePeers(one, other) ? 1 : 0)) {
      broken.add(
          "%s - %s: %d links [%s; %s]"
              .formatted(
                  one.node(), other.node(), count, standing(one, other), standing(other, one)));
    }
  }

  private static boolean arePeers(Nse one, Nse other) {
    return one != other && !(one.node().isSpoke() && other.node().isSpoke());
  }

  private static List<PeerStatus> standing(Nse nse, Nse peer) {
    return nse.mesh().status().stream()
        .filter(status -> status.peer().split("@", -1)[0].equals(peer.self().localName()))
        .toList();
  }

  /** Nothing but what the links need is stored. */
  private void sizes(Nse nse, Set<ConnectionId> served, int peers) {
    int serving = served.size();
    int dialled = nse.client().size();
    equal(nse, "server connections", nse.server().size(), serving);
    equal(nse, "posted connections", nse.board().size(), serving);
    equal(nse, "prefix table", nse.table().size(), serving + dialled);
    equal(nse, "kernel links", nse.node().kernel.size(), serving + dialled);
    List<PeerStatus> status = nse.mesh().status();
    equal(nse, "peers", status.size(), peers);
    for (PeerStatus peer : status) {
      if (peer.state() != PeerState.UP) {
        broken.add("%s: peer %s".formatted(nse.node(), peer));
      }
    }
    nse.table().dispute().ifPresent(why -> broken.add("%s: %s".formatted(nse.node(), why)));
  }

  private void equal(Nse nse, String what, int actual, int expected) {
    if (actual != expected) {
      broken.add("%s: %d %s (expected: %d)".formatted(nse.node(), actual, what, expected));
    }
  }

  private void prefixes(Nse nse, List<Nse> nses) {
    List<IpPrefix> expected =
        nses.stream()
            .filter(other -> arePeers(nse, other))
            .flatMap(other -> other.prefixes().stream())
            .sorted()
            .toList();
    List<IpPrefix> known =
        nse.table().announced().values().stream().flatMap(Collection::stream).sorted().toList();
    if (!known.equals(expected)) {
      broken.add(
          "%s: knows %s (expected: %s)".formatted(nse.node(), nse.table().announced(), expected));
    }
  }

  /** Every prefix is reached, from hop to hop; no destination has two ways. */
  private void routes(Nse nse, List<Nse> nses, boolean atRest) {
    Set<IpPrefix> seen = new HashSet<>();
    for (Link link : nse.node().kernel.links()) {
      for (Route route : Kernel.routes(link)) {
        if (!seen.add(route.destination()) && atRest) {
          broken.add("%s: two ways to %s".formatted(nse.node(), route.destination()));
        }
      }
    }
    for (Nse other : nses) {
      for (IpPrefix prefix : other == nse ? List.<IpPrefix>of() : other.prefixes()) {
        Optional<Node> arrived = walk(nse.node(), prefix);
        if (!arrived.equals(Optional.of(other.node()))) {
          broken.add("%s: no way to %s at %s".formatted(nse.node(), prefix, other.node()));
        }
      }
    }
  }

  /** Where packets to a prefix end; empty if they get lost. */
  private Optional<Node> walk(Node from, IpPrefix prefix) {
    Node at = from;
    for (int hop = 0; hop < MOST_HOPS; hop++) {
      Optional<Link> way = at.kernel.route(prefix);
      if (way.isEmpty()) {
        return Optional.of(at).filter(node -> node != from);
      }
      String title = way.get().title();
      Optional<Node> next = world.other(at, title).findFirst();
      if (next.isEmpty() || !world.packetsPass(at, title)) {
        return Optional.empty();
      }
      at = next.get();
      if (at.prefix.equals(prefix.toString())) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }
}
