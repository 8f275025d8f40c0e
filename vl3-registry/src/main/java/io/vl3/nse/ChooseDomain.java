package io.vl3.nse;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import java.util.Map;

/** Takes the chain of the NSM that an endpoint was found in. */
final class ChooseDomain implements Endpoint {

  private final EndpointChain own;
  private final Map<String, EndpointChain> others;

  /**
   * An element.
   *
   * @param others by domain
   */
  ChooseDomain(EndpointChain own, Map<String, EndpointChain> others) {
    this.own = own;
    this.others = Map.copyOf(others);
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    return chain(request.connection()).request(request, session, next);
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    chain(connection).close(connection, session, next);
  }

  @Override
  public Description description() {
    return Description.of(this).doing("takes the chain of the peer's NSM");
  }

  private EndpointChain chain(Connection connection) {
    return Edges.domainOf(connection.endpointName(), others).map(others::get).orElse(own);
  }
}
