package io.vl3.cli.assembly;

import io.vl3.admin.AdminAccess;
import io.vl3.admin.AdminPort;
import io.vl3.admin.AdminServer;
import io.vl3.admin.Observed;
import io.vl3.cli.Version;
import io.vl3.cli.config.AdminConfig;
import io.vl3.failure.EndpointException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin service of this process, which works without it too. */
public final class Admin implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Admin.class);

  private final Observed observed;
  private final Optional<AdminServer> server;
  private final Optional<AdminPort> port;

  private Admin(Observed observed, Optional<AdminServer> server, Optional<AdminPort> port) {
    this.observed = observed;
    this.server = server;
    this.port = port;
  }

  /**
   * Serves what is observed in the node's run directory; where it cannot, that is logged.
   *
   * @param command what this process is
   * @param parts adds what it has
   */
  public static Admin open(Node node, String command, UnaryOperator<Observed> parts) {
    Observed observed = observed(node, command, parts);
    return new Admin(observed, socket(node, observed), Optional.empty());
  }

  /**
   * The same, and on a port for other machines where the configuration names one.
   *
   * @throws EndpointException if that cannot be listened on
   */
  public static Admin open(
      Node node, String command, UnaryOperator<Observed> parts, AdminConfig config)
      throws EndpointException {
    Observed observed = observed(node, command, parts);
    Optional<AdminPort> port = Optional.empty();
    if (config.listenOn().isPresent()) {
      Optional<AdminAccess> access =
          Optional.of(config.allow()).filter(list -> !list.isEmpty()).map(AdminAccess::new);
      port =
          Optional.of(AdminPort.start(node.runtime(), config.listenOn().get(), access, observed));
    }
    return new Admin(observed, socket(node, observed), port);
  }

  private static Observed observed(Node node, String command, UnaryOperator<Observed> parts) {
    Observed bare =
        Observed.of(
            command, Version.text(), node.runtime().timer().instant(), node.runtime().board());
    return parts.apply(bare.withManager(node::managerStatus));
  }

  private static Optional<AdminServer> socket(Node node, Observed observed) {
    try {
      return Optional.of(AdminServer.start(node.runtime(), node.runDirectory(), observed));
    } catch (EndpointException failure) {
      LOG.warn("`vl3 status` and the like do not see this process: {}", failure.getMessage());
      return Optional.empty();
    }
  }

  /** The view of this process. */
  public Observed observed() {
    return observed;
  }

  @Override
  public void close() {
    port.ifPresent(AdminPort::close);
    server.ifPresent(AdminServer::close);
  }
}
