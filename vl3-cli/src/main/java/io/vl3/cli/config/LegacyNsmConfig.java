package io.vl3.cli.config;

import io.vl3.nsm.legacy.Workspace;
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

  /** {@code workspace of URL}, or {@code workspace DIRECTORY}; then the registry. */
  @Override
  public String toString() {
    return manager.map(url -> "workspaces of " + url).orElse("workspace " + workspace.directory())
        + ", registry "
        + registry.orElse("through the manager");
  }
}
