package io.vl3.cli.demo;

import io.vl3.cli.assembly.SelfCommand;
import io.vl3.cli.demo.Children.Child;
import io.vl3.cli.demo.DemoPlan.Domain;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Two domains with an NSE each, whose processes send their spans to a port of this namespace. */
final class TracedNetwork implements Closeable {

  private static final int OTLP = 4317;

  private final DemoPlan plan;
  private final List<PortInto> ports = new ArrayList<>();
  private final Children clients;
  private final LiveNetwork live;

  private TracedNetwork(Path directory, int receiver) throws Exception {
    plan = DemoPlan.of(new DemoSize(2, 1, 1), directory);
    clients = new Children(directory);
    live =
        LiveNetwork.build(
            plan,
            """
            tracing: {endpoint: "http://127.0.0.1:4317"}
            log: {format: json, level: trace}
            """);
    for (Domain domain : plan.domains()) {
      InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), receiver);
      ports.add(PortInto.open(domain.node(), OTLP, here));
    }
  }

  /** Starts both NSEs, and waits until each is registered. */
  static TracedNetwork start(Path directory, int receiver) throws Exception {
    TracedNetwork network = new TracedNetwork(directory, receiver);
    try {
      network.live.startAndAwait(plan(network).nses().map(DemoPlan.Nse::name).toList());
      return network;
    } catch (Exception | AssertionError failure) {
      network.close();
      throw failure;
    }
  }

  private static DemoPlan plan(TracedNetwork network) {
    return network.plan;
  }

  String nse(int domain) {
    return plan.domains().get(domain).nses().get(0).name();
  }

  /** The network service as the other domain has it. */
  String serviceIn(int domain) {
    return DemoPlan.SERVICE + "@" + plan.domains().get(domain).managerAddress();
  }

  /** Starts a client in a domain for its workload. */
  Child client(int domain, String service) throws IOException {
    Domain node = plan.domains().get(domain);
    return clients.start(
        "client-" + domain,
        node.node(),
        SelfCommand.line(
            List.of("client", "--service", service, "--netns", node.workloads().get(0).netns())),
        Map.of(
            "VL3_RUN_DIR", node.runDir().toString(),
            "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317",
            "NSM_LOG_LEVEL", "trace"));
  }

  /** What a process wrote. */
  Path log(String name) {
    return plan.dir().resolve(name + ".log");
  }

  @Override
  public void close() throws IOException {
    clients.stop();
    live.close();
    for (PortInto port : ports) {
      port.close();
    }
  }
}
