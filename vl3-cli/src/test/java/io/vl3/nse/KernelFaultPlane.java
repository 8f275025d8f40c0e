package io.vl3.nse;

import io.vl3.cli.assembly.ClientChains;
import io.vl3.connection.Connection;
import io.vl3.dataplane.DataPlane;
import io.vl3.endpoint.EndpointChain;
import io.vl3.links.NseLinks;
import io.vl3.linux.KernelDataPlane;
import io.vl3.linux.Netns;
import io.vl3.linux.links.KernelLinks;
import io.vl3.linux.testing.KernelState;
import io.vl3.linux.testing.TestNetns;
import io.vl3.nsm.NsmRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The kernel: a namespace each for a workload and two endpoints; the manager makes the links. */
final class KernelFaultPlane implements FaultPlane {

  private final TestNetns fixtures = new TestNetns("vl3-fault");
  private final Map<String, Netns> namespaces = new LinkedHashMap<>();
  private final KernelDataPlane forwarder;
  private final boolean showsAll;

  /**
   * Makes the namespaces.
   *
   * @param showsAll whether its state is all that the kernel has, which takes a while to ask for
   */
  KernelFaultPlane(Path directory, boolean showsAll) throws IOException {
    this.showsAll = showsAll;
    List<String> names = List.of("workload", "alpha", "beta");
    List<Netns> made = fixtures.addAll(names);
    for (int i = 0; i < names.size(); i++) {
      namespaces.put(names.get(i), made.get(i));
    }
    forwarder =
        new KernelDataPlane(
            "fault" + ProcessHandle.current().pid(),
            directory.resolve("links"),
            Netns.ofProcess(),
            Netns::locate);
  }

  @Override
  public DataPlane forwarder() {
    return forwarder;
  }

  @Override
  public NseLinks links(String endpoint, NsmRuntime runtime) {
    return new KernelLinks(endpoint, namespace(endpoint), runtime.timer(), runtime.executor());
  }

  @Override
  public EndpointChain workload(NseParts.Component component, NseParts.Manager manager) {
    String url = namespace("workload").url();
    return ClientChains.of(
        component.name(),
        component.tokens(),
        component.executor(),
        component.timer(),
        manager.networkService(),
        manager.monitor(),
        url);
  }

  @Override
  public int size() {
    return forwarder.observe().size();
  }

  @Override
  public String state() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Netns netns : showsAll ? namespaces.values() : List.<Netns>of()) {
      text.append(netns.path()).append(":\n").append(KernelState.all(netns)).append('\n');
    }
    return text.toString();
  }

  @Override
  public boolean has(Connection connection, String client) throws IOException {
    return addresses(client).contains(connection.ip().clientAddresses().get(0) + " ")
        && addresses("alpha").contains(connection.ip().endpointAddresses().get(0) + " ");
  }

  @Override
  public void close() throws IOException {
    forwarder.close();
    fixtures.close();
  }

  private String addresses(String component) throws IOException {
    return KernelState.ip(namespace(component), "-o", "address");
  }

  private Netns namespace(String component) {
    return Objects.requireNonNull(namespaces.get(component));
  }
}
