package io.vl3.nsm.manager;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.IpContext;
import io.vl3.connection.Mechanism;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Route;
import io.vl3.dataplane.Attachment.VxlanTunnel;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkEnd;
import io.vl3.endpoint.Session;
import io.vl3.endpoint.element.LinkFactory;
import io.vl3.endpoint.element.ProgramLink;
import io.vl3.failure.EndpointException;
import io.vl3.net.InterfaceAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Builds the links of a node: kernel interfaces for sides on this node, a tunnel for a side on
 * another. The connection's request carries the client side's mechanism, its answer the other's.
 */
final class NodeLinks implements LinkFactory {

  private final NodeSettings node;
  private final IntSupplier tunnelMtuBytes;

  NodeLinks(NodeSettings node, IntSupplier tunnelMtuBytes) {
    this.node = node;
    this.tunnelMtuBytes = tunnelMtuBytes;
  }

  @Override
  public Optional<Link> link(ConnectionRequest request, Connection answer, Session session)
      throws EndpointException {
    boolean joined =
        request
            .connection()
            .mechanism()
            .filter(client -> client.type().equals(Mechanism.MEMIF))
            .isPresent();
    return joined ? Optional.empty() : Optional.of(link(request, answer));
  }

  private Link link(ConnectionRequest request, Connection answer) throws EndpointException {
    Mechanism client = request.connection().mechanism().orElseThrow();
    Mechanism endpoint = answer.mechanism().orElseThrow();
    IpContext ip = answer.ip();
    return new Link(
        ProgramLink.keyOf(answer),
        title(answer),
        client.type().equals(Mechanism.VXLAN)
            ? LinkEnd.bare(tunnel(client, Mechanism.SRC_IP, "mechanism"))
            : kernel(
                client,
                "mechanism",
                ip.clientAddresses(),
                ip.endpointAddresses(),
                ip.clientRoutes()),
        endpoint.type().equals(Mechanism.VXLAN)
            ? LinkEnd.bare(tunnel(endpoint, Mechanism.DST_IP, "answer.mechanism"))
            : kernel(
                endpoint,
                "answer.mechanism",
                ip.endpointAddresses(),
                ip.clientAddresses(),
                ip.endpointRoutes()),
        mtu(answer, client, endpoint));
  }

  private static LinkEnd kernel(
      Mechanism mechanism,
      String whose,
      List<InterfaceAddress> own,
      List<InterfaceAddress> others,
      List<Route> routes)
      throws EndpointException {
    return new LinkEnd(
        KernelParameters.read(mechanism, whose),
        own,
        routes.stream().map(route -> route.byWayOf(others)).toList(),
        others.stream().map(InterfaceAddress::address).toList());
  }

  private VxlanTunnel tunnel(Mechanism mechanism, String otherSide, String whose)
      throws EndpointException {
    int port =
        mechanism.parameter(Mechanism.DST_PORT).isPresent()
            ? VxlanParameters.number(mechanism, Mechanism.DST_PORT, 65535, whose)
            : node.tunnelPort();
    return new VxlanTunnel(
        node.tunnelAddress().orElseThrow(),
        VxlanParameters.address(mechanism, otherSide, whose),
        port,
        VxlanParameters.vni(mechanism, whose));
  }

  private int mtu(Connection answer, Mechanism client, Mechanism endpoint) {
    int told = answer.context().mtuBytes();
    boolean tunnel =
        client.type().equals(Mechanism.VXLAN) || endpoint.type().equals(Mechanism.VXLAN);
    if (!tunnel) {
      return told;
    }
    int most = tunnelMtuBytes.getAsInt();
    return told == 0 ? most : Math.min(told, most);
  }

  private static String title(Connection answer) {
    String client = answer.path().segment(0).map(PathSegment::name).orElse("client");
    return client + " - " + answer.endpointName();
  }
}
