package io.vl3.nse;

import io.grpc.ManagedChannel;
import io.vl3.mesh.PeerState;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.legacy.LegacyManager;
import io.vl3.transport.GrpcChannels;
import io.vl3.vpp.VppLinks;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import java.util.List;

/** An NSE of NSM 0.2 with a VPP of its own. */
final class LegacyVppNse implements AutoCloseable {

  private final FakeAgent agent = new FakeAgent();
  private final FakeAgentServer server = FakeAgentServer.onPort(agent, 0);
  private final ManagedChannel channel;
  private final LegacyManager access;
  private final Vl3Nse nse;

  /** One that owns 10.60.THIRD.0/24; not started. */
  LegacyVppNse(
      NsmRuntime runtime,
      LegacyManager access,
      String name,
      String service,
      int third,
      List<String> remoteDomains)
      throws Exception {
    this.access = access;
    String address = "127.0.0.1:" + server.port();
    channel = GrpcChannels.open("tcp://" + address, runtime.transport().withInsecure(true));
    nse =
        Vl3Nse.builder(runtime, name, service)
            .nsm(NsmEdge.v02(access))
            .remoteDomains(remoteDomains)
            .links(
                VppLinks.builder(
                        channel,
                        address,
                        VppSettings.of(name),
                        runtime.timer(),
                        runtime.executor(),
                        runtime.random())
                    .workspace(access.workspace().directory())
                    .build())
            .prefix(IpPrefix.parse("10.60." + third + ".0/24"))
            .pool(IpPrefix.parse("10.60.0.0/16"))
            .build();
  }

  void start() throws Exception {
    nse.start();
    var unused = nse.registered().toCompletableFuture().get();
  }

  String name() {
    return nse.registration().name();
  }

  void awaitPeer(String peer) throws Exception {
    Eventually.until(
        "link with " + peer,
        () ->
            nse.status().peers().stream()
                .anyMatch(one -> one.peer().equals(peer) && one.state() == PeerState.UP));
  }

  /** What its VPP has, with names without what differs from run to run. */
  String state() {
    return agent
        .state()
        .replaceAll("vl3\\.[a-z0-9]+\\.[a-z0-9]+\\.", "")
        .replace(access.workspace().directory() + "/", "");
  }

  /** Unregisters and closes its connections; the VPP stays. */
  void leave() {
    nse.close();
  }

  @Override
  public void close() {
    nse.close();
    channel.shutdownNow();
    server.close();
  }
}
