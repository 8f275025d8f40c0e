package io.vl3.endpoint.element;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Asks for mechanism KERNEL: the forwarder shall make an interface in a network namespace. */
public final class AskKernelInterface implements Endpoint {

  private final String netnsUrl;
  private final Function<ConnectionId, String> nameOf;

  /**
   * An element of a client chain.
   *
   * @param netnsUrl the namespace as {@code file://PATH} or {@code inode://DEV/INO}
   * @param nameOf the interface's name for a connection, the same at every repeat
   */
  public AskKernelInterface(String netnsUrl, Function<ConnectionId, String> nameOf) {
    this.netnsUrl = netnsUrl;
    this.nameOf = nameOf;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    String name = nameOf.apply(request.connection().requireId());
    Mechanism wanted =
        Mechanism.local(
            Mechanism.KERNEL, Map.of(Mechanism.INODE_URL, netnsUrl, Mechanism.NAME, name));
    return next.request(request.withMechanismPreferences(List.of(wanted)));
  }

  @Override
  public Description description() {
    return Description.of(this).doing("asks for a kernel interface").after(UpdatePath.class);
  }
}
