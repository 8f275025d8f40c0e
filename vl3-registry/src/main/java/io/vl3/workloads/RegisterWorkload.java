package io.vl3.workloads;

import io.vl3.api.svreg.ServiceWorkload;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import java.util.Optional;

/**
 * Has workloads registered by name whose labels say it ({@link WorkloadLabels}). Only notes what is
 * to be registered: a request neither waits for the registry nor fails with it.
 */
public final class RegisterWorkload implements Endpoint {

  private final WorkloadLabels labels;
  private final WorkloadRegistrar registrar;

  /**
   * The element.
   *
   * @param registrar registers in the background
   */
  public RegisterWorkload(WorkloadLabels labels, WorkloadRegistrar registrar) {
    this.labels = labels;
    this.registrar = registrar;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection answer = next.request(request);
    Optional<ServiceWorkload> workload = labels.read(answer);
    ConnectionId own = session.id();
    session.onCommit("register the workload of " + own, () -> registrar.put(own, workload));
    return answer;
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    try {
      next.close(connection);
    } finally {
      registrar.put(session.id(), Optional.empty());
    }
  }

  @Override
  public Description description() {
    return Description.of(this).doing("registers workloads by name, in the background");
  }
}
