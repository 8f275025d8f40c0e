package io.vl3.nse;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.registry.DiscoverPeers;

/**
 * An element that sees workloads only: what a peer asks passes it by. One that has seen a
 * connection sees its close too, whoever the connection is taken for by then.
 */
final class ForWorkloads implements Endpoint {

  private final Key<Boolean> seen = Key.named("seen by an element for workloads");
  private final Endpoint element;

  ForWorkloads(Endpoint element) {
    this.element = element;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    if (session.get(DiscoverPeers.PEER).isPresent()) {
      return next.request(request);
    }
    session.put(seen, true);
    return element.request(request, session, next);
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    if (session.remove(seen).isPresent()) {
      element.close(connection, session, next);
    } else {
      next.close(connection);
    }
  }

  /** That of the element, which is what people look for; it stands where peers are known. */
  @Override
  public Description description() {
    return element.description().after(DiscoverPeers.class);
  }
}
