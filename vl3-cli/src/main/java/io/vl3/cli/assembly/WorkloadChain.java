package io.vl3.cli.assembly;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.TokenSource;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.element.AskKernelInterface;
import io.vl3.endpoint.element.HealConnection;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.endpoint.element.ProbeConnection;
import io.vl3.endpoint.element.RefreshConnection;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.time.BackOff;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The chain by which {@code vl3 client} asks for a workload. */
final class WorkloadChain {

  private static final BackOff HEAL = new BackOff(Duration.ofMillis(200), Duration.ofSeconds(5));

  private WorkloadChain() {}

  /** The component that the chain belongs to. */
  record Component(String name, TokenSource tokens, Executor executor, Timer timer) {}

  /** Where the chain ends: a manager, and what it says of its connections. */
  record Manager(Endpoint networkService, ConnectionMonitor monitor) {}

  /**
   * How a workload asks.
   *
   * @param onAttached receives who serves it, whenever that has changed
   */
  static EndpointChain of(
      Component component,
      Manager manager,
      LivenessProbe probe,
      String netnsUrl,
      String interfaceName,
      Consumer<Connection> onAttached) {
    return EndpointChain.of(
        "vl3-client",
        new TellAttachment(onAttached),
        new UpdatePath(component.name(), component.tokens(), ConnectionId::random),
        new RefreshConnection(component.timer()),
        new HealConnection(
            manager.monitor(),
            component.timer(),
            probe,
            component.executor(),
            HEAL,
            RandomGenerator.getDefault(),
            false),
        new ProbeConnection(
            probe, ProbeConnection.Settings.DEFAULT, component.timer(), component.executor()),
        new AskKernelInterface(netnsUrl, id -> interfaceName),
        manager.networkService());
  }
}
