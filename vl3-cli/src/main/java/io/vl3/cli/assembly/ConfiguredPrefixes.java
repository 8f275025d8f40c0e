package io.vl3.cli.assembly;

import io.grpc.ManagedChannel;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.PrefixChoice;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.CentralIpam;
import io.vl3.grpc.PrefixServer;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.ipam.JoinedPrefixes;
import io.vl3.ipam.NseState;
import io.vl3.ipam.PrefixSource;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.NsmRuntime;
import io.vl3.transport.GrpcChannels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whence an endpoint has its own prefixes, as the configuration says. */
final class ConfiguredPrefixes {

  private ConfiguredPrefixes() {}

  /**
   * Opens the source.
   *
   * @param state knows the prefixes of an earlier life, to ask for again
   * @param closing where it is put what the source needs
   */
  static PrefixSource open(
      EndpointConfig endpoint, NseState state, NsmRuntime runtime, Undo closing)
      throws EndpointException {
    if (endpoint.ipam().choice() instanceof PrefixChoice.Served served) {
      return served(endpoint, served.urls(), state, runtime, closing);
    }
    if (endpoint.ipam().choice() instanceof PrefixChoice.Leased leased) {
      return lease(endpoint, leased.serverAddress(), state, runtime, closing);
    }
    return new FixedPrefixes(endpoint.ipam().ownPrefixes());
  }

  private static PrefixSource served(
      EndpointConfig endpoint, List<String> urls, NseState state, NsmRuntime runtime, Undo closing)
      throws EndpointException {
    List<IpPrefix> former = state.formerPrefixes();
    List<PrefixServer> sources = new ArrayList<>();
    for (int i = 0; i < urls.size(); i++) {
      ManagedChannel channel = GrpcChannels.open(urls.get(i), runtime.transport());
      closing.push("channel to " + urls.get(i), channel::shutdownNow);
      PrefixServer source =
          PrefixServer.start(
              GrpcChannels.wakeful(channel),
              urls.get(i),
              endpoint.ipam().excluded(),
              former.size() == urls.size() ? Optional.of(former.get(i)) : Optional.empty(),
              runtime.timer(),
              runtime.random(),
              runtime.reporter().of(endpoint.name()));
      closing.push("prefix server " + urls.get(i), source::close);
      sources.add(source);
    }
    return new JoinedPrefixes(sources);
  }

  /** The original's IPAM speaks without TLS. */
  private static PrefixSource lease(
      EndpointConfig endpoint, String server, NseState state, NsmRuntime runtime, Undo closing)
      throws EndpointException {
    ManagedChannel channel =
        GrpcChannels.open("tcp://" + server, runtime.transport().withoutTls().withInsecure(true));
    closing.push("channel to " + server, channel::shutdownNow);
    EndpointConfig.Lessee lessee = endpoint.lessee();
    CentralIpam ipam =
        CentralIpam.start(
            GrpcChannels.wakeful(channel),
            new CentralIpam.Settings(
                server,
                lessee.address(),
                lessee.name(),
                lessee.connectivityDomain(),
                endpoint.ipam().pools().get(0).family(),
                endpoint.ipam().prefixLengths().get(0)),
            former(endpoint, state),
            runtime.timer(),
            runtime.random(),
            runtime.reporter().of(endpoint.name()));
    closing.push("lease of the prefix at " + server, ipam::close, ipam::leave);
    return ipam;
  }

  /** One of another pool, from before the configuration was changed, is not asked for. */
  private static Optional<IpPrefix> former(EndpointConfig endpoint, NseState state) {
    return state.formerPrefixes().stream()
        .filter(prefix -> endpoint.ipam().pools().stream().anyMatch(p -> p.contains(prefix)))
        .findFirst();
  }
}
