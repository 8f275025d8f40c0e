package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.DnsConfig;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Tells clients which DNS servers to ask for which domains, behind what they came with. */
public final class SetDnsContext implements Endpoint {

  private final List<DnsConfig> configs;

  /** An element that adds the configurations, in order. */
  public SetDnsContext(List<DnsConfig> configs) {
    this.configs = List.copyOf(configs);
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    return next.request(request.mapConnection(this::withDns));
  }

  @Override
  public Description description() {
    return Description.of(this).doing("tells the client its DNS servers");
  }

  /** A refresh brings back what was answered: nothing is told twice. */
  private Connection withDns(Connection connection) {
    Set<DnsConfig> all = new LinkedHashSet<>(connection.context().dns());
    all.addAll(configs);
    return connection.withContext(connection.context().withDns(new ArrayList<>(all)));
  }
}
