package io.vl3.nsm.legacy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Closes a connection whose manager has given its id to another. A manager of the 0.2 API counts
 * its connections, and after a restart begins anew behind those that it still knows; of the others
 * it says nothing.
 */
final class ReplaceForgotten implements Endpoint {

  private final ConcurrentMap<String, ConnectionHandle> byManagersId = new ConcurrentHashMap<>();

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection answer = next.request(request);
    Optional<String> id = LegacyIds.managersId(request.connection());
    ConnectionHandle handle = session.handle();
    id.ifPresent(known -> session.onCommit("note id " + known, () -> note(known, handle)));
    return answer;
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    try {
      next.close(connection);
    } finally {
      ConnectionHandle handle = session.handle();
      LegacyIds.managersId(connection)
          .ifPresent(
              known ->
                  byManagersId.computeIfPresent(
                      known, (id, noted) -> noted.id().equals(handle.id()) ? null : noted));
    }
  }

  @Override
  public Description description() {
    return Description.of(this).doing("closes what a manager has forgotten");
  }

  /** How many connections are noted. */
  int size() {
    return byManagersId.size();
  }

  private void note(String id, ConnectionHandle handle) {
    ConnectionHandle before = byManagersId.put(id, handle);
    if (before != null && !before.id().equals(handle.id())) {
      var unused = before.close("its manager has given its id to another");
    }
  }
}
