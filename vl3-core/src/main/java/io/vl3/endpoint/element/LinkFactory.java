package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.dataplane.Link;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import java.util.Optional;

/** Builds the link that a connection wants. Thread-safe; does not block. */
@FunctionalInterface
public interface LinkFactory {

  /**
   * The link between the two sides.
   *
   * @param request what the client's side asked, as it reached the element
   * @param answer what the endpoint's side answered
   * @param session what the elements behind have noted of the connection; only read
   * @return empty if nothing is to be programmed here: the two sides join by themselves
   * @throws EndpointException INVALID naming the field, if the two do not make a link
   */
  Optional<Link> link(ConnectionRequest request, Connection answer, Session session)
      throws EndpointException;
}
