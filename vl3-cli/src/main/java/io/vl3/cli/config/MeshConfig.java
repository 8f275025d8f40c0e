package io.vl3.cli.config;

import io.vl3.registry.PeerLabels;
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

  /** Reads the section; a role says something only with the topology that has it. */
  static MeshConfig read(Section section, Mistakes mistakes) {
    boolean hub =
        section.choice("topology").filter(topology -> topology.value().equals("hub")).isPresent();
    Optional<Located<String>> role = section.choice("role");
    if (!hub) {
      role.ifPresent(
          given ->
              mistakes.add(given.at(), given.path(), given.shown(), "topology: hub beside it"));
    }
    return new MeshConfig(
        hub ? role.map(Located::value).or(() -> Optional.of(PeerLabels.SPOKE)) : Optional.empty(),
        section.map("peerLabels"));
  }
}
