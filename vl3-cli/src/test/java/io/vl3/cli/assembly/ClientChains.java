package io.vl3.cli.assembly;

import io.vl3.connection.ConnectionMonitor;
import io.vl3.connection.TokenSource;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.time.Timer;
import java.util.concurrent.Executor;

/** The chain of {@code vl3 client}, for tests of other packages. */
public final class ClientChains {

  private ClientChains() {}

  /** That of a workload in a namespace, without a probe. */
  public static EndpointChain of(
      String name,
      TokenSource tokens,
      Executor executor,
      Timer timer,
      Endpoint networkService,
      ConnectionMonitor monitor,
      String netnsUrl) {
    return WorkloadChain.of(
        new WorkloadChain.Component(name, tokens, executor, timer),
        new WorkloadChain.Manager(networkService, monitor),
        LivenessProbe.NONE,
        netnsUrl,
        "nsm0",
        connection -> {});
  }
}
