package io.vl3.nse;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.net.DomainName;

/**
 * The network service of a further NSM, where nobody knows the domain that stands for it here:
 * names go there without it, and come back with it.
 */
final class LeaveDomain implements Endpoint {

  private final String domain;
  private final Endpoint service;

  LeaveDomain(String domain, Endpoint service) {
    this.domain = domain;
    this.service = service;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection asked = request.connection();
    Connection answer = service.request(request.withConnection(plain(asked)), session, next);
    return answer.toBuilder()
        .networkService(asked.networkService())
        .endpointName(asked.endpointName())
        .build();
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    service.close(plain(connection), session, next);
  }

  @Override
  public Description description() {
    return Description.of(this).doing("calls the NSM that is %s here".formatted(domain));
  }

  private static Connection plain(Connection connection) {
    return connection.toBuilder()
        .networkService(DomainName.withoutDomain(connection.networkService()))
        .endpointName(DomainName.withoutDomain(connection.endpointName()))
        .build();
  }
}
