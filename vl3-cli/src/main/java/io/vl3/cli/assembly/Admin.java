package io.vl3.cli.assembly;

import io.vl3.admin.AdminServer;
import io.vl3.admin.Observed;
import io.vl3.cli.Version;
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

  private Admin(Observed observed, Optional<AdminServer> server) {
    this.observed = observed;
    this.server = server;
  }

  /**
   * Serves what is observed in the node's run directory; where it cannot, that is logged.
   *
   * @param command what this process is
   * @param parts adds what it has
   */
  public static Admin open(Node node, String command, UnaryOperator<Observed> parts) {
    Observed bare =
        Observed.of(
            command, Version.text(), node.runtime().timer().instant(), node.runtime().board());
    Observed observed = parts.apply(bare.withManager(node::managerStatus));
    try {
      return new Admin(
          observed, Optional.of(AdminServer.start(node.runtime(), node.runDirectory(), observed)));
    } catch (EndpointException failure) {
      LOG.warn("`vl3 status` and the like do not see this process: {}", failure.getMessage());
      return new Admin(observed, Optional.empty());
    }
  }

  /** What is shown of this process. */
  public Observed observed() {
    return observed;
  }

  @Override
  public void close() {
    server.ifPresent(AdminServer::close);
  }
}
