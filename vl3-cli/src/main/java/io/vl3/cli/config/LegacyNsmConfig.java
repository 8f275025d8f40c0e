package io.vl3.cli.config;

import io.vl3.nsm.legacy.Workspace;
import io.vl3.transport.TransportUrl;
import java.util.Optional;

/**
 * The file's {@code nsm.v02} section with variables applied: an NSM of the 0.2 API.
 *
 * @param manager the manager's own socket, which is asked for a workspace for each endpoint; empty:
 *     the workspace is there
 * @param workspace the workspace that is there
 * @param registry where endpoints are searched, tcp://host:port; empty: at the manager
 */
public record LegacyNsmConfig(
    Optional<String> manager, Workspace workspace, Optional<String> registry) {

  /** Where the manager serves: who asks for workspaces, or in the workspace that is there. */
  public TransportUrl socket() {
    return manager.map(TransportUrl::parse).orElseGet(workspace::manager);
  }

  /** {@code workspace of URL}, or {@code workspace DIRECTORY}; then the registry. */
  @Override
  public String toString() {
    return manager.map(url -> "workspaces of " + url).orElse("workspace " + workspace.directory())
        + ", registry "
        + registry.orElse("through the manager");
  }
}
