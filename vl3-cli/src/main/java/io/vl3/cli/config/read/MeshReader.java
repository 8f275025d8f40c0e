package io.vl3.cli.config.read;

import io.vl3.cli.config.MeshConfig;
import io.vl3.cli.config.file.Section;
import io.vl3.cli.config.mistake.Located;
import io.vl3.cli.config.mistake.Mistakes;
import io.vl3.registry.PeerLabels;
import java.util.Optional;

/** Reads how an endpoint is linked with its peers. */
final class MeshReader {

  private MeshReader() {}

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
