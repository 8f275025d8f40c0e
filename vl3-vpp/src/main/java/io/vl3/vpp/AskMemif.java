package io.vl3.vpp;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Asks for mechanism MEMIF: the other side listens, and our VPP connects. Where our VPP has a way
 * to kernel interfaces it asks for one of them as second best, which also leads to another node.
 */
public final class AskMemif implements Endpoint {

  private final Optional<String> netnsUrl;
  private final Optional<Function<ConnectionId, Mechanism>> secondBest;

  /**
   * An element of a client chain.
   *
   * @param netnsUrl VPP's network namespace as {@code file://PATH}, where the other side needs it
   */
  public AskMemif(Optional<String> netnsUrl) {
    this(netnsUrl, Optional.empty());
  }

  private AskMemif(
      Optional<String> netnsUrl, Optional<Function<ConnectionId, Mechanism>> secondBest) {
    this.netnsUrl = netnsUrl;
    this.secondBest = secondBest;
  }

  /** This element with a second preference, by our id of the connection. */
  AskMemif or(Function<ConnectionId, Mechanism> mechanism) {
    return new AskMemif(netnsUrl, Optional.of(mechanism));
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Map<String, String> parameters =
        netnsUrl.map(url -> Map.of(Mechanism.INODE_URL, url)).orElse(Map.of());
    List<Mechanism> wanted = new ArrayList<>();
    wanted.add(Mechanism.local(Mechanism.MEMIF, parameters));
    secondBest.ifPresent(other -> wanted.add(other.apply(request.connection().requireId())));
    return next.request(request.withMechanismPreferences(wanted));
  }

  @Override
  public Description description() {
    return Description.of(this)
        .doing("asks for a memif" + secondBest.map(other -> ", or a kernel interface").orElse(""))
        .after(UpdatePath.class);
  }
}
