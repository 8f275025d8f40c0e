package io.vl3.cli.assembly;

import io.vl3.cli.config.ConfigException;
import io.vl3.cli.config.ConfigReader;
import io.vl3.cli.config.Overrides;
import io.vl3.cli.config.Vl3Config;
import io.vl3.connection.Connection;
import io.vl3.dataplane.DataPlane;
import io.vl3.dataplane.FakeDataPlane;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.element.RefreshConnection;
import io.vl3.net.InterfaceAddress;
import io.vl3.nsm.NsmRuntime;
import io.vl3.vpp.AskMemif;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import java.nio.file.Path;
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
  private final Map<String, VppInstance> instances = new TreeMap<>();

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
    Vl3Config config = config(endpoint);
    VppInstance made =
        new VppInstance(config.endpoints().get(0), config.dataplane().vpp(), runtime);
    instances.put(endpoint, made);
    made.start();
    return made.links();
  }

  @Override
  public EndpointChain workload(DefaultChain.Component component, DefaultChain.Manager manager) {
    return EndpointChain.of(
        "vl3-client",
        component.updatePath(),
        new RefreshConnection(component.timer()),
        new AskMemif(Optional.empty()),
        manager.networkService());
  }

  @Override
  public int size() {
    return instances.get("alpha").status().links();
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
    String asked = host(connection.ip().clientAddresses().get(0));
    String served = host(connection.ip().endpointAddresses().get(0));
    String alpha = agent("alpha").state();
    boolean beta = client.equals("beta");
    return alpha.contains("addresses " + served + " up")
        && alpha.contains("route " + asked + " over ")
        && (!beta || agent(client).state().contains("addresses " + asked + " up"));
  }

  @Override
  public void close() {
    instances.values().forEach(VppInstance::close);
    agents.values().forEach(FakeAgentServer::close);
    forwarder.close();
  }

  private FakeAgent agent(String endpoint) {
    return agents.get(endpoint).agent();
  }

  private static String host(InterfaceAddress address) {
    return InterfaceAddress.host(address.address()).toString();
  }

  private Vl3Config config(String endpoint) {
    String text =
        """
        endpoints:
        - {name: %s, nseName: %s, vl3: {ipam: {defaultPrefixPool: 10.92.0.0/16}}}
        dataplane:
          type: vpp-agent
          address: 127.0.0.1:%d
          nat: {address: 203.0.113.5}
          memif: {socketDirectory: %s}
        """
            .formatted(FaultWorld.SERVICE, endpoint, agents.get(endpoint).port(), directory);
    try {
      return ConfigReader.read("vl3.yaml", text, Map.of(), Overrides.NONE);
    } catch (ConfigException mistake) {
      throw new IllegalStateException(mistake);
    }
  }
}
