package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.PathSegment;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.health.EventKind;
import io.vl3.health.Reporter;
import io.vl3.net.InterfaceAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reports who is served, moved, refused and gone. A client that asks again and again is reported as
 * refused once for each cause in a row.
 */
public final class ReportConnections implements Endpoint {

  /** Clients whose last refusal is remembered. */
  private static final int MOST = 1_000;

  private final Reporter reporter;

  /** Why each client was refused last: it has no session. Guarded by itself. */
  private final Map<String, String> refusals =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST;
        }
      };

  /** An element that reports there. */
  public ReportConnections(Reporter reporter) {
    this.reporter = reporter;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    String client = clientOf(request.connection());
    try {
      Connection answer = next.request(request);
      Optional<Connection> before = session.established();
      if (before.isEmpty() || isMove(before.get(), answer)) {
        session.onCommit("report " + client, () -> served(client, before, answer));
      }
      return answer;
    } catch (EndpointException failure) {
      if (session.established().isEmpty()) {
        refused(client, failure.reason() + " " + failure.getMessage());
      }
      throw failure;
    }
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    try {
      next.close(connection);
    } finally {
      if (session.established().isPresent()) {
        reporter.happened(EventKind.CLOSED, clientOf(connection), addresses(connection));
      }
    }
  }

  @Override
  public Description description() {
    return Description.of(this).doing("reports who is served, moved, refused and gone");
  }

  private void served(String client, Optional<Connection> before, Connection answer) {
    synchronized (refusals) {
      refusals.remove(client);
    }
    if (before.isEmpty()) {
      reporter.happened(EventKind.CONNECTED, client, addresses(answer));
    } else {
      reporter.happened(
          EventKind.MOVED,
          client,
          "%s, was %s".formatted(addresses(answer), addresses(before.get())));
    }
  }

  private void refused(String client, String why) {
    synchronized (refusals) {
      if (why.equals(refusals.put(client, why))) {
        return;
      }
    }
    reporter.happened(EventKind.REFUSED, client, why);
  }

  private static boolean isMove(Connection before, Connection now) {
    return !before.ip().clientAddresses().equals(now.ip().clientAddresses());
  }

  /** The name of the first component of the path. */
  private static String clientOf(Connection connection) {
    return connection
        .path()
        .segment(0)
        .map(PathSegment::name)
        .orElseGet(() -> connection.id().map(Object::toString).orElse(""));
  }

  private static String addresses(Connection connection) {
    return connection.ip().clientAddresses().stream()
        .map(InterfaceAddress::toString)
        .collect(Collectors.joining(" "));
  }
}
