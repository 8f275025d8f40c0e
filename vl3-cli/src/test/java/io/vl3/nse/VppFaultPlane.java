package io.vl3.nse;

import io.grpc.ManagedChannel;
import io.vl3.connection.Connection;
import io.vl3.dataplane.DataPlane;
import io.vl3.dataplane.FakeDataPlane;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.element.RefreshConnection;
import io.vl3.failure.EndpointException;
import io.vl3.links.NseLinks;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.nsm.NsmRuntime;
import io.vl3.transport.GrpcChannels;
import io.vl3.vpp.AskMemif;
import io.vl3.vpp.VppLinks;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A fake vpp-agent for each endpoint, which makes its end of the links; the manager makes none. The
 * workload has no data plane here.
 */
final class VppFaultPlane implements FaultPlane {

  private final Path directory;
  private final FakeDataPlane forwarder = new FakeDataPlane();
  private final Map<String, FakeAgentServer> agents = new TreeMap<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final Map<String, VppLinks> instances = new TreeMap<>();

  VppFaultPlane(Path directory) {
    this.directory = directory;
    for (String endpoint : List.of("alpha", "beta")) {
      agents.put(endpoint, FakeAgentServer.onPort(new FakeAgent(), 0));
    }
  }

  @Override
  public DataPlane forwarder() {
    return forwarder;
  }

  @Override
  public NseLinks links(String endpoint, NsmRuntime runtime) throws EndpointException {
    String agent = "127.0.0.1:" + agents.get(endpoint).port();
    ManagedChannel channel =
        GrpcChannels.open("tcp://" + agent, runtime.transport().withInsecure(true));
    channels.add(channel);
    VppLinks made =
        VppLinks.builder(
                channel,
                agent,
                VppSettings.of(endpoint).withNatAddress(IpAddress.parse("203.0.113.5")),
                runtime.timer(),
                runtime.executor(),
                runtime.random())
            .socketDirectory(directory)
            .closeTimeout(runtime.closeTimeout())
            .build();
    instances.put(endpoint, made);
    made.start();
    return made;
  }

  @Override
  public EndpointChain workload(NseParts.Component component, NseParts.Manager manager) {
    return EndpointChain.of(
        "vl3-client",
        component.updatePath(),
        new RefreshConnection(component.timer()),
        new AskMemif(Optional.empty()),
        manager.networkService());
  }

  @Override
  public int size() {
    return instances.get("alpha").agent().links();
  }

  @Override
  public String state() {
    StringBuilder text = new StringBuilder();
    instances.forEach(
        (endpoint, instance) ->
            text.append("%s: %d sockets\n".formatted(endpoint, instance.sockets()))
                .append(agent(endpoint).state()));
    return text.append(forwarder.state()).toString();
  }

  /** At alpha the client is a neighbour; beta has the address on its loopback. */
  @Override
  public boolean has(Connection connection, String client) {
    InterfaceAddress neighbour = connection.ip().clientAddresses().get(0);
    String asked = host(neighbour);
    String served = host(connection.ip().endpointAddresses().get(0));
    String alpha = agent("alpha").state();
    boolean beta = client.equals("beta");
    return alpha.contains("addresses " + served + " up")
        && alpha.contains("route %s via %s over ".formatted(asked, neighbour.address()))
        && (!beta || agent(client).state().contains("addresses " + asked + " up"));
  }

  @Override
  public void close() {
    instances.values().forEach(VppLinks::close);
    channels.forEach(ManagedChannel::shutdownNow);
    agents.values().forEach(FakeAgentServer::close);
    forwarder.close();
  }

  private FakeAgent agent(String endpoint) {
    return agents.get(endpoint).agent();
  }

  private static String host(InterfaceAddress address) {
    return InterfaceAddress.host(address.address()).toString();
  }
}
