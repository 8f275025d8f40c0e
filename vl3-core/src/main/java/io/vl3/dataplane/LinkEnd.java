package io.vl3.dataplane;

import io.vl3.connection.Route;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import java.util.List;

/**
 * One end of a link with what is configured there.
 *
 * @param attachment where it is
 * @param addresses addresses of the interface
 * @param routes routes over the link; a route's next hop is already resolved where there is one
 * @param neighbours addresses of the other end, which this end reaches directly
 */
public record LinkEnd(
    Attachment attachment,
    List<InterfaceAddress> addresses,
    List<Route> routes,
    List<IpAddress> neighbours) {

  /** Copies the lists. */
  public LinkEnd {
    addresses = List.copyOf(addresses);
    routes = List.copyOf(routes);
    neighbours = List.copyOf(neighbours);
  }

  /** An end that another programmer configures. */
  public static LinkEnd bare(Attachment attachment) {
    return new LinkEnd(attachment, List.of(), List.of(), List.of());
  }
}
