package io.vl3.cli.assembly;

import io.grpc.ManagedChannel;
import io.vl3.cli.config.DataPlaneConfig.VppConfig;
import io.vl3.cli.config.EndpointConfig;
import io.vl3.connection.Connection;
import io.vl3.connection.Mechanism;
import io.vl3.dataplane.LeftoverSweeper;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkProgram;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.element.ChooseMechanism;
import io.vl3.endpoint.element.ProgramLink;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.nsm.NsmRuntime;
import io.vl3.registry.DiscoverPeers;
import io.vl3.transport.GrpcChannels;
import io.vl3.vpp.AskMemif;
import io.vl3.vpp.MemifLinks;
import io.vl3.vpp.MemifSockets;
import io.vl3.vpp.OfferMemif;
import io.vl3.vpp.SocketNames;
import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.VppStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The VPP of an NSE: its agent, its links, and what an earlier life left there. */
final class VppInstance implements AutoCloseable {

  private final String name;
  private final VppConfig config;
  private final NsmRuntime runtime;
  private final ManagedChannel channel;
  private final VppDataPlane plane;
  private final LinkProgram program;
  private final LeftoverSweeper leftovers;
  private final MemifSockets sockets;
  private final Optional<String> netnsUrl;

  /** A VPP; nothing is called before {@link #start}. */
  VppInstance(EndpointConfig endpoint, VppConfig config, NsmRuntime runtime)
      throws EndpointException {
    this.name = endpoint.name();
    this.config = config;
    this.runtime = runtime;
    this.channel =
        GrpcChannels.open("tcp://" + config.address(), runtime.transport().withInsecure(true));
    this.plane =
        VppDataPlane.of(
            channel,
            config.address(),
            settings(endpoint, config),
            runtime.timer(),
            runtime.executor(),
            runtime.random());
    this.program = new LinkProgram(plane);
    this.leftovers =
        new LeftoverSweeper(
            program,
            runtime.timer(),
            runtime.executor(),
            config.leftoverGrace(),
            config.keepLeftovers(),
            runtime.closeTimeout());
    this.sockets =
        config
            .socketDirectory()
            .map(
                directory ->
                    MemifSockets.files(directory, endpoint.name(), plane::isSocketOfAnother))
            .orElseGet(() -> MemifSockets.abstractNames(endpoint.name(), plane::isSocketOfAnother));
    this.netnsUrl =
        config.socketDirectory().isPresent() ? Optional.empty() : Optional.of(ownNetnsUrl());
  }

  /** Starts to look at the agent, which need not be there yet. */
  void start() {
    plane.start();
    plane.onStatus(this::onStatus);
  }

  /**
   * What it puts into the chains. MEMIF is all that it answers: packets of a kernel interface would
   * come to Linux, from where no way leads to the links that are in VPP.
   */
  NseLinks links() {
    SocketNames names = new SocketNames(netnsUrl, config.socketDirectory());
    MemifLinks served =
        MemifLinks.served(
            names,
            config.natAddress().isPresent(),
            session -> session.get(DiscoverPeers.PEER).isPresent());
    return new NseLinks(
        List.of(programming(served)),
        new ChooseMechanism(Map.of(Mechanism.MEMIF, new OfferMemif(sockets, netnsUrl))),
        List.of(new AskMemif(netnsUrl), programming(MemifLinks.asked(names))),
        timeout -> this::runs,
        () -> Optional.of(status()),
        Optional.empty());
  }

  /** How it is doing. */
  VppStatus status() {
    return plane.status();
  }

  /** How many sockets its links have. */
  int sockets() {
    return sockets.size();
  }

  /** Lets go of the agent; links that still exist stay. */
  @Override
  public void close() {
    leftovers.close();
    plane.close();
    channel.shutdownNow();
  }

  private ProgramLink programming(MemifLinks links) {
    return new ProgramLink(program, links, runtime.timer(), runtime.closeTimeout());
  }

  /**
   * Whether VPP has the link, as far as is known: packets cannot be sent from here. Its key is our
   * own id of the connection; one that a peer dialled has the peer's id here.
   */
  private boolean runs(Connection connection) {
    return UpdatePath.ownId(connection, name)
        .map(own -> !status().problems().containsKey(new LinkKey(own.value())))
        .orElse(false);
  }

  /** At each return of the agent what an earlier life left is looked for. */
  private void onStatus(VppStatus status) {
    if (status.state() == VppStatus.State.UP) {
      leftovers.look();
    }
  }

  private static VppSettings settings(EndpointConfig endpoint, VppConfig config) {
    VppSettings settings =
        VppSettings.of(endpoint.name()).withMemif(config.memif()).withVrf(config.vrf());
    return config.natAddress().map(settings::withNatAddress).orElse(settings);
  }

  /** VPP shares our network namespace, as the containers of a pod do. */
  private static String ownNetnsUrl() {
    return "file:///proc/%d/ns/net".formatted(ProcessHandle.current().pid());
  }
}
