package io.vl3.cli.config.check;

import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.file.Section;
import io.vl3.cli.config.mistake.Mistakes;
import io.vl3.net.IpPrefix;
import java.util.List;
import java.util.Optional;

/**
 * Looks for endpoints of one network whose own prefixes overlap: the mesh would refuse to link
 * them.
 */
public final class SharedPrefixes {

  private final List<Section> sections;
  private final List<EndpointConfig> endpoints;

  /** Endpoints without mistakes, each at the place of its section. */
  public SharedPrefixes(List<Section> sections, List<EndpointConfig> endpoints) {
    this.sections = sections;
    this.endpoints = endpoints;
  }

  /** Notes each endpoint that has a prefix of an earlier one. */
  public void refuse(Mistakes mistakes) {
    for (int later = 1; later < endpoints.size(); later++) {
      for (IpPrefix own : endpoints.get(later).ipam().ownPrefixes()) {
        Section ipam = sections.get(later).section("vl3").section("ipam");
        earlier(own, later)
            .ifPresent(
                owner -> mistakes.add(ipam.at(), ipam.path(), "prefix " + own, owner.expected()));
      }
    }
  }

  private Optional<Owner> earlier(IpPrefix own, int later) {
    String service = endpoints.get(later).service();
    for (int i = 0; i < later; i++) {
      String path = sections.get(i).path();
      Optional<IpPrefix> shared =
          endpoints.get(i).ipam().ownPrefixes().stream().filter(own::overlaps).findFirst();
      if (shared.isPresent() && endpoints.get(i).service().equals(service)) {
        return shared.map(prefix -> new Owner(path, prefix));
      }
    }
    return Optional.empty();
  }

  private record Owner(String path, IpPrefix prefix) {
    String expected() {
      return "one of its own; %s has %s".formatted(path, prefix);
    }
  }
}
