package io.vl3.nse;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.links.KernelInterfaces;
import io.vl3.links.NseLinks;
import io.vl3.mesh.PeerState;
import io.vl3.mesh.PeerStatus;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** NSEs at an embedded manager, with no more than what a builder needs. */
final class NseRig {

  static final String SERVICE = "vl3";

  private NseRig() {}

  static Vl3NseBuilder nse(EmbeddedManagerExtension nsm, String name, int third) {
    return Vl3Nse.builder(nsm.runtime(), name, SERVICE)
        .nsm(edge(nsm, name))
        .links(new KernelInterfaces("file:///run/netns/" + name))
        .prefix(IpPrefix.parse("10.60." + third + ".0/24"))
        .pool(IpPrefix.parse("10.60.0.0/16"));
  }

  static NsmEdge edge(EmbeddedManagerExtension nsm, String name) {
    return NsmEdge.v1(nsm.runtime(), nsm.access(), nsm.urlFor(name));
  }

  /** A workload's request, as {@link EmbeddedManagerExtension#workload}, of a chosen endpoint. */
  static ConnectionRequest workload(String endpoint, Map<String, String> labels) {
    return new ConnectionRequest(
        Connection.to(SERVICE).withEndpointName(endpoint).withLabels(labels),
        List.of(
            Mechanism.local(
                Mechanism.KERNEL, Map.of(Mechanism.INODE_URL, "file:///run/netns/workload"))));
  }

  static void awaitPeers(Vl3Nse nse, String... expected) throws Exception {
    List<String> wanted = List.of(expected);
    Eventually.until("peers of " + nse.registration().name(), () -> up(nse).equals(wanted));
  }

  static List<String> up(Vl3Nse nse) {
    return nse.status().peers().stream()
        .filter(peer -> peer.state() == PeerState.UP)
        .map(PeerStatus::peer)
        .collect(Collectors.toList());
  }

  /** Refuses whoever lacks a label, and counts the others. */
  static final class RequireLabel implements Endpoint {

    private final String label;
    final List<String> closed = new ArrayList<>();

    RequireLabel(String label) {
      this.label = label;
    }

    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      if (!request.connection().labels().containsKey(label)) {
        throw new EndpointException(Reason.DENIED, "labels: no " + label);
      }
      return next.request(request);
    }

    @Override
    public synchronized void close(Connection connection, Session session, Next next)
        throws EndpointException {
      closed.add(session.id().value());
      next.close(connection);
    }
  }

  /** Kernel links that nobody makes, to be changed by a test. */
  static class WrappedLinks implements NseLinks {

    private final NseLinks links = new KernelInterfaces("file:///run/netns/wrapped");

    @Override
    public List<Endpoint> programming() {
      return links.programming();
    }

    @Override
    public Endpoint offering() {
      return links.offering();
    }

    @Override
    public List<Endpoint> asking() {
      return links.asking();
    }
  }

  /** Links that note what they are told. */
  static final class NotedLinks extends WrappedLinks {

    final List<String> told = new ArrayList<>();

    @Override
    public void start() {
      note("start");
    }

    @Override
    public void own(List<IpPrefix> prefixes) {
      note("own " + prefixes);
    }

    @Override
    public void close() {
      note("close");
    }

    synchronized List<String> told() {
      return List.copyOf(told);
    }

    private synchronized void note(String what) {
      told.add(what);
    }
  }
}
