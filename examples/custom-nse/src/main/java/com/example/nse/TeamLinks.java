package com.example.nse;

import io.grpc.ManagedChannel;
import io.vl3.dataplane.LinkProgram;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.element.OfferKernelInterface;
import io.vl3.endpoint.element.ProgramLink;
import io.vl3.nsm.NsmRuntime;
import io.vl3.registry.DiscoverPeers;
import io.vl3.transport.GrpcChannels;
import io.vl3.vpp.MemifLinks;
import io.vl3.vpp.MemifSockets;
import io.vl3.vpp.OfferMemif;
import io.vl3.vpp.SocketNames;
import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The data plane's part of the chain.
 *
 * @param programming elements that make the link; they stand before the addresses, and act when the
 *     answer comes back with them
 * @param answering the last element, which answers the mechanism
 * @param release lets go of what was opened
 */
public record TeamLinks(List<Endpoint> programming, Endpoint answering, Runnable release)
    implements AutoCloseable {

  /** Kernel interfaces: the manager's forwarder makes them, we only name ours. */
  public static TeamLinks kernel(String name) {
    return new TeamLinks(
        List.of(), new OfferKernelInterface("file:///run/netns/" + name, "team"), () -> {});
  }

  /**
   * MEMIF interfaces of a VPP, which we program ourselves.
   *
   * @param agent where the vpp-agent listens, as {@code HOST:PORT}
   * @param sockets the directory of the sockets that our VPP shares with the workloads'
   */
  public static TeamLinks vpp(NsmRuntime runtime, String name, String agent, Path sockets)
      throws EndpointException {
    ManagedChannel channel =
        GrpcChannels.open("tcp://" + agent, runtime.transport().withInsecure(true));
    VppDataPlane plane =
        VppDataPlane.open(
            channel,
            agent,
            VppSettings.of(name),
            runtime.timer(),
            runtime.executor(),
            runtime.random());
    MemifLinks links =
        MemifLinks.served(
            SocketNames.PLAIN, false, session -> session.get(DiscoverPeers.PEER).isPresent());
    return new TeamLinks(
        List.of(
            new ProgramLink(
                new LinkProgram(plane), links, runtime.timer(), runtime.closeTimeout())),
        new OfferMemif(MemifSockets.files(sockets, name, plane::isSocketOfAnother), Optional.empty()),
        () -> {
          plane.close();
          channel.shutdownNow();
        });
  }

  @Override
  public void close() {
    release.run();
  }
}
