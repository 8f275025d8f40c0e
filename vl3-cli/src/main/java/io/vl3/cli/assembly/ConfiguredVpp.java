package io.vl3.cli.assembly;

import io.grpc.ManagedChannel;
import io.vl3.cli.config.DataPlaneConfig.VppConfig;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.failure.EndpointException;
import io.vl3.nsm.NsmRuntime;
import io.vl3.transport.GrpcChannels;
import io.vl3.vpp.KernelSide;
import io.vl3.vpp.VppLinks;
import io.vl3.vpp.VppSettings;
import java.nio.file.Path;
import java.util.Optional;

/** The VPP of an endpoint, as the configuration has it. */
final class ConfiguredVpp {

  private ConfiguredVpp() {}

  /** The channel to the agent, which speaks without TLS; nothing is called yet. */
  static ManagedChannel channel(VppConfig config, NsmRuntime runtime) throws EndpointException {
    return GrpcChannels.open("tcp://" + config.address(), runtime.transport().withInsecure(true));
  }

  /**
   * The links; the channel stays the caller's.
   *
   * @param workspace where sockets are known by their names, as in NSM 0.2
   */
  static VppLinks links(
      EndpointConfig endpoint,
      VppConfig config,
      ManagedChannel channel,
      NsmRuntime runtime,
      Optional<Path> workspace) {
    return links(
        VppLinks.builder(
            channel,
            config.address(),
            settings(endpoint, config),
            runtime.timer(),
            runtime.executor(),
            runtime.random()),
        config,
        runtime,
        workspace);
  }

  /**
   * The links of a VPP that is spoken with directly; nobody is called yet.
   *
   * @param kernelSide where kernel interfaces are made; empty: KERNEL is not offered
   */
  static VppLinks directLinks(
      EndpointConfig endpoint,
      VppConfig config,
      Optional<KernelSide> kernelSide,
      NsmRuntime runtime,
      Optional<Path> workspace) {
    VppLinks.Builder links =
        VppLinks.direct(
            config.socket(),
            settings(endpoint, config).withoutAgent(),
            runtime.timer(),
            runtime.executor(),
            runtime.executor(),
            runtime.random());
    kernelSide.ifPresent(links::kernelSide);
    return links(links, config, runtime, workspace);
  }

  private static VppLinks links(
      VppLinks.Builder links, VppConfig config, NsmRuntime runtime, Optional<Path> workspace) {
    links
        .leftoverGrace(config.leftoverGrace())
        .keepLeftovers(config.keepLeftovers())
        .closeTimeout(runtime.closeTimeout());
    config.socketDirectory().ifPresent(links::socketDirectory);
    workspace.ifPresent(links::workspace);
    return links.build();
  }

  private static VppSettings settings(EndpointConfig endpoint, VppConfig config) {
    VppSettings settings =
        VppSettings.of(endpoint.name()).withMemif(config.memif()).withVrf(config.vrf());
    return config.natAddress().map(settings::withNatAddress).orElse(settings);
  }
}
