package io.vl3.mesh;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;

/**
 * Tells the mesh what became of a request for a link that we dial, whoever asked for it: a timer, a
 * heal or the mesh. First in the chain of the mesh's client, so that it sees every failure.
 */
public final class TellMesh implements Endpoint {

  private final PrefixTable table;

  /**
   * The element.
   *
   * @param table the mesh's
   */
  public TellMesh(PrefixTable table) {
    this.table = table;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    session.onCommit("tell the mesh", () -> table.established(session.id()));
    try {
      return next.request(request);
    } catch (EndpointException failure) {
      if (session.established().isPresent()) {
        table.refreshFailed(session.id(), failure);
      }
      throw failure;
    }
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    next.close(connection);
  }

  @Override
  public Description description() {
    return Description.of(this).doing("reports the outcome of a link to the mesh");
  }
}
