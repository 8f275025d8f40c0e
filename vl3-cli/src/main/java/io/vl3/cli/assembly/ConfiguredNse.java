package io.vl3.cli.assembly;

import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.NseSettings;
import io.vl3.cli.config.NsmConfig;
import io.vl3.cli.config.Vl3Config;
import io.vl3.connection.DnsConfig;
import io.vl3.ipam.NseState;
import io.vl3.ipam.PrefixSource;
import io.vl3.links.NseLinks;
import io.vl3.mesh.ProbeLinks;
import io.vl3.nameserver.NameServerSettings;
import io.vl3.net.PrefixSet;
import io.vl3.nse.NsmEdge;
import io.vl3.nse.Vl3Nse;
import io.vl3.nse.Vl3NseBuilder;
import io.vl3.nsm.legacy.LegacyManager;
import io.vl3.transport.TransportUrl;
import java.util.Optional;

/** An endpoint of the configuration, put into the library's builder. */
final class ConfiguredNse {

  private ConfiguredNse() {}

  /**
   * The builder with all that the configuration says.
   *
   * @param listenOn where the manager reaches the endpoint
   * @param legacy the way to the NSM with the 0.2 API, if it is part of one
   */
  static Vl3NseBuilder builder(
      EndpointConfig endpoint,
      Vl3Config config,
      NseLinks links,
      PrefixSource prefixes,
      NseState state,
      Node node,
      TransportUrl listenOn,
      Optional<LegacyManager> legacy) {
    NsmConfig nsm = config.nsm();
    NseSettings behaviour = nsm.nse();
    Vl3NseBuilder nse =
        ConfiguredLegacy.join(
                Vl3Nse.builder(node.runtime(), endpoint.name(), endpoint.service()),
                nsm,
                legacy,
                NsmEdge.v1(node.runtime(), node.manager(), listenOn))
            .tokens(node.tokens(endpoint.name()))
            .remoteDomains(nsm.remoteDomains())
            .labels(endpoint.labels())
            .peerLabels(endpoint.mesh().peerLabels())
            .requestLabels(behaviour.requestLabels())
            .registerService(behaviour.registerService())
            .stayRegistered(!behaviour.unregisterItself())
            .endWithin(config.stop().forNses())
            .links(links)
            .prefixes(prefixes)
            .pools(endpoint.ipam().pools())
            .routes(endpoint.ipam().routes())
            .addressing(endpoint.ipam().addressing())
            .excluded(PrefixSet.of(endpoint.ipam().excluded()))
            .claims(endpoint.ipam().claims())
            .leastMtu(config.dataplane().leastMtuBytes())
            .state(state)
            .names(endpoint.nameTemplates())
            .nameServer(NameServerSettings.DEFAULT.withForeignNames(endpoint.foreignNames()));
    endpoint.mesh().role().ifPresent(nse::role);
    behaviour.liveness().ifPresentOrElse(probing -> liveness(nse, probing), nse::withoutLiveness);
    if (!endpoint.nameServers().isEmpty()) {
      nse.nameServers(new DnsConfig(endpoint.nameServers(), endpoint.dnsZones()));
    }
    return nse;
  }

  private static void liveness(Vl3NseBuilder nse, NseSettings.Liveness probing) {
    nse.liveness(ProbeLinks.Settings.DEFAULT.every(probing.interval()), probing.timeout());
  }
}
