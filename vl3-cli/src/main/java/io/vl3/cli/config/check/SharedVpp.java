package io.vl3.cli.config.check;

import io.vl3.cli.config.DataPlaneConfig;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.file.Section;
import io.vl3.cli.config.mistake.Mistakes;
import io.vl3.cli.config.text.Parsers;
import io.vl3.registry.PeerLabels;
import java.util.List;

/**
 * Looks for endpoints of one network that would link with each other in one VPP, which has only one
 * end of a memif's socket.
 */
public final class SharedVpp {

  private final List<Section> sections;
  private final List<EndpointConfig> endpoints;
  private final DataPlaneConfig.Type type;

  /** Endpoints without mistakes, each at the place of its section. */
  public SharedVpp(
      List<Section> sections, List<EndpointConfig> endpoints, DataPlaneConfig.Type type) {
    this.sections = sections;
    this.endpoints = endpoints;
    this.type = type;
  }

  /** Notes each endpoint that is a peer of an earlier one. */
  public void refuse(Mistakes mistakes) {
    for (int later = 1; later < endpoints.size(); later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        if (arePeers(endpoints.get(earlier), endpoints.get(later))) {
          refuse(later, earlier, mistakes);
          break;
        }
      }
    }
  }

  private void refuse(int later, int earlier, Mistakes mistakes) {
    String expected =
        "another network than %s, with dataplane.type: %s; peers need a VPP each"
            .formatted(sections.get(earlier).path("name"), type.word());
    sections
        .get(later)
        .text("name", Parsers::name)
        .ifPresent(name -> mistakes.add(name.at(), name.path(), name.shown(), expected));
  }

  private static boolean arePeers(EndpointConfig one, EndpointConfig other) {
    return one.service().equals(other.service())
        && !(isSpoke(one) && isSpoke(other))
        && selects(one, other)
        && selects(other, one);
  }

  private static boolean isSpoke(EndpointConfig endpoint) {
    return endpoint.mesh().role().filter(PeerLabels.SPOKE::equals).isPresent();
  }

  private static boolean selects(EndpointConfig one, EndpointConfig other) {
    return other.labels().entrySet().containsAll(one.mesh().peerLabels().entrySet());
  }
}
