package io.vl3.mesh.sim;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Route;
import io.vl3.dataplane.Attachment.KernelInterface;
import io.vl3.dataplane.DataPlane;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkEnd;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.endpoint.element.LinkFactory;
import io.vl3.net.IpPrefix;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The data plane of one node. It outlives the NSE's process. A link's title is that of the
 * connection, the same at both ends, so that packets can be followed.
 */
final class Kernel {

  /** In the order of their programming: of two routes to one destination the newer counts. */
  private final Map<String, Link> links = new LinkedHashMap<>();

  /** The routes as they are now; made anew when asked for after a change. */
  private final Map<IpPrefix, Link> routes = new HashMap<>();

  private boolean indexed;
  private final Wires wires;

  /** A kernel without links; it may have only one end of each wire. */
  Kernel(Wires wires) {
    this.wires = wires;
  }

  /** What one process programs it through. */
  DataPlane programmedBy(Run run) {
    return new Programmer(run);
  }

  /** Builds the client's or the endpoint's end. */
  static LinkFactory factory(boolean client) {
    return (request, answer, session) -> Optional.of(link(request, answer, client));
  }

  int size() {
    return links.size();
  }

  Collection<Link> links() {
    return links.values();
  }

  /** The node is another machine now. */
  void wipe() {
    List.copyOf(links.keySet()).forEach(this::remove);
  }

  private boolean put(Link link) {
    indexed = false;
    Link before = links.remove(link.key().value());
    links.put(link.key().value(), link);
    if (before != null) {
      wires.remove(before.title(), this);
    }
    wires.add(link.title(), this);
    return !link.equals(before);
  }

  private boolean remove(String key) {
    indexed = false;
    Link before = links.remove(key);
    if (before != null) {
      wires.remove(before.title(), this);
    }
    return before != null;
  }

  /**
   * The link that packets to a prefix leave by: the longest route that fits, the newest of such.
   */
  Optional<Link> route(IpPrefix prefix) {
    if (!indexed) {
      index();
      indexed = true;
    }
    for (int length = prefix.length(); length >= 0; length--) {
      Link way = routes.get(IpPrefix.containing(prefix.first(), length));
      if (way != null) {
        return Optional.of(way);
      }
    }
    return Optional.empty();
  }

  private void index() {
    routes.clear();
    links.values().forEach(link -> routes(link).forEach(r -> routes.put(r.destination(), link)));
  }

  /** The routes over this node's end of a link. */
  static List<Route> routes(Link link) {
    return Stream.concat(link.client().routes().stream(), link.endpoint().routes().stream())
        .toList();
  }

  /** The name of a connection that both ends know: the ids of its path. */
  static String title(Path path) {
    return path.segments().stream().map(PathSegment::id).collect(Collectors.joining(">"));
  }

  private static Link link(ConnectionRequest request, Connection answer, boolean client) {
    String key = request.connection().requireId().value();
    KernelInterface at = new KernelInterface("file:///simulated", "if");
    LinkEnd ours =
        client
            ? new LinkEnd(at, answer.ip().clientAddresses(), answer.ip().clientRoutes(), List.of())
            : new LinkEnd(
                at, answer.ip().endpointAddresses(), answer.ip().endpointRoutes(), List.of());
    LinkEnd theirs = LinkEnd.bare(at);
    return new Link(
        new LinkKey(key), title(answer.path()), client ? ours : theirs, client ? theirs : ours, 0);
  }

  private final class Programmer implements DataPlane {

    private final Run run;

    Programmer(Run run) {
      this.run = run;
    }

    @Override
    public List<LinkOutcome> apply(List<LinkChange> changes) {
      return changes.stream().map(this::apply).toList();
    }

    private LinkOutcome apply(LinkChange change) {
      String key = change.key().value();
      if (!run.isAlive()) {
        return new LinkOutcome.Applied(false, 0);
      }
      boolean changed = change instanceof LinkChange.Put put ? put(put.link()) : remove(key);
      return new LinkOutcome.Applied(changed, 0);
    }

    @Override
    public Set<LinkKey> observe() {
      return links.keySet().stream().map(LinkKey::new).collect(Collectors.toSet());
    }

    @Override
    public void close() {}
  }
}
