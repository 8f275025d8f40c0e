package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import java.util.HashMap;
import java.util.Map;

/** Adds labels to a request, where it has none of the same key. */
public final class AddLabels implements Endpoint {

  private final Map<String, String> labels;

  /** An element of a client chain. */
  public AddLabels(Map<String, String> labels) {
    this.labels = Map.copyOf(labels);
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Map<String, String> all = new HashMap<>(labels);
    all.putAll(request.connection().labels());
    return next.request(request.mapConnection(connection -> connection.withLabels(all)));
  }

  @Override
  public Description description() {
    return Description.of(this).doing("adds labels " + labels);
  }
}
