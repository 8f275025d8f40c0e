package io.vl3.cli.config;

import java.util.Map;
import java.util.Optional;

/**
 * How an endpoint is linked with its peers.
 *
 * @param role hub or spoke; empty: every endpoint is linked with every other
 * @param peerLabels labels that a peer must carry, and that our requests to peers carry
 */
public record MeshConfig(Optional<String> role, Map<String, String> peerLabels) {

  /** Copies the labels. */
  public MeshConfig {
    peerLabels = Map.copyOf(peerLabels);
  }
}
