package io.vl3.cli.assembly;

import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.LegacyNsmConfig;
import io.vl3.cli.config.NsmChoice;
import io.vl3.cli.config.NsmConfig;
import io.vl3.failure.EndpointException;
import io.vl3.nse.NsmEdge;
import io.vl3.nse.Vl3NseBuilder;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.legacy.LegacyManager;
import java.util.Optional;

/** The NSM of the 0.2 API of an endpoint, as the configuration has it. */
final class ConfiguredLegacy {

  /** What stands for it in the names of peers, where it is one of two. */
  private static final String DOMAIN = "0.2";

  private ConfiguredLegacy() {}

  /** The way to it, with a workspace of the endpoint's own where the manager is asked for one. */
  static Optional<LegacyManager> open(EndpointConfig endpoint, NsmConfig nsm, NsmRuntime runtime)
      throws EndpointException {
    if (nsm.legacy().isEmpty()) {
      return Optional.empty();
    }
    LegacyNsmConfig config = nsm.legacy().get();
    return Optional.of(
        config.manager().isPresent()
            ? LegacyManager.ask(
                runtime,
                config.manager().get(),
                endpoint.name(),
                config.registry(),
                LegacyManager.INTERVAL)
            : open(config, runtime));
  }

  /** The same for chains that are only looked at: nobody is asked. */
  static Optional<LegacyManager> unconnected(NsmConfig nsm, NsmRuntime runtime)
      throws EndpointException {
    return nsm.legacy().isEmpty()
        ? Optional.empty()
        : Optional.of(open(nsm.legacy().get(), runtime));
  }

  private static LegacyManager open(LegacyNsmConfig config, NsmRuntime runtime)
      throws EndpointException {
    return LegacyManager.open(
        runtime, config.workspace(), config.registry(), LegacyManager.INTERVAL);
  }

  /** Whether it is the endpoint's only one. */
  static boolean isAlone(NsmConfig nsm) {
    return nsm.choice().api() == NsmChoice.Api.V0_2;
  }

  /** Puts the NSMs of an endpoint into its builder. */
  static Vl3NseBuilder join(
      Vl3NseBuilder nse, NsmConfig nsm, Optional<LegacyManager> legacy, NsmEdge other) {
    Optional<NsmEdge> edge = legacy.map(NsmEdge::v02);
    if (isAlone(nsm) && edge.isPresent()) {
      return nse.nsm(edge.get());
    }
    nse.nsm(other);
    return edge.map(also -> nse.alsoIn(DOMAIN, also)).orElse(nse);
  }
}
