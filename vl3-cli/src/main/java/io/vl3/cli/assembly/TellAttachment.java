package io.vl3.cli.assembly;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.DnsConfig;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Key;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.net.InterfaceAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Tells who serves a workload and with which addresses: first, and whenever that has changed. */
final class TellAttachment implements Endpoint {

  /** Outlives the choice of another endpoint. */
  private static final Key<Attachment> TOLD = Key.lasting("told attachment");

  private final Consumer<Connection> listener;

  /**
   * An element of a client chain.
   *
   * @param listener called within the connection's turn
   */
  TellAttachment(Consumer<Connection> listener) {
    this.listener = listener;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection answer = next.request(request);
    Attachment now = Attachment.of(answer);
    if (!session.get(TOLD).equals(Optional.of(now))) {
      session.put(TOLD, now);
      session.onCommit("tell the attachment", () -> listener.accept(answer));
    }
    return answer;
  }

  @Override
  public Description description() {
    return Description.of(this).doing("reports who serves and with which addresses");
  }

  private record Attachment(
      String endpoint, List<InterfaceAddress> addresses, List<DnsConfig> dns) {
    static Attachment of(Connection connection) {
      return new Attachment(
          connection.endpointName(), connection.ip().clientAddresses(), connection.context().dns());
    }
  }
}
