package io.vl3.vpp;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks for mechanism MEMIF: the other side listens, and our VPP connects. */
public final class AskMemif implements Endpoint {

  private final Optional<String> netnsUrl;

  /**
   * An element of a client chain.
   *
   * @param netnsUrl VPP's network namespace as {@code file://PATH}, where the other side needs it
   */
  public AskMemif(Optional<String> netnsUrl) {
    this.netnsUrl = netnsUrl;
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Map<String, String> parameters =
        netnsUrl.map(url -> Map.of(Mechanism.INODE_URL, url)).orElse(Map.of());
    Mechanism wanted = Mechanism.local(Mechanism.MEMIF, parameters);
    return next.request(request.withMechanismPreferences(List.of(wanted)));
  }

  @Override
  public Description description() {
    return Description.of(this).doing("asks for a memif").after(UpdatePath.class);
  }
}
