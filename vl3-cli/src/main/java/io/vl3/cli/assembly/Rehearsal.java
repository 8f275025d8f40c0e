package io.vl3.cli.assembly;

import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.tracing.Traces;
import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.TokenSource;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.element.AskKernelInterface;
import io.vl3.endpoint.element.UpdatePath;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.linux.Netns;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmRuntime;
import io.vl3.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What an NSE, its manager and a client do, done by one process: a configuration's NSE starts, a
 * workload is attached through the manager, and connections are requested, refreshed and closed. A
 * JVM that archives what it has loaded meanwhile starts the real ones faster.
 */
public final class Rehearsal {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String WORKLOAD = "rehearsing";
  private static final String INTERFACE = "nsm0";

  private final Vl3Config config;
  private final int connections;

  /**
   * A rehearsal.
   *
   * @param config with one NSE, and where it listens; its run directory must be nobody else's.
   *     Nobody need take the spans
   * @param connections how many to request, refresh and close, one after the other
   */
  public Rehearsal(Vl3Config config, int connections) {
    this.config = config;
    this.connections = connections;
  }

  /**
   * Runs it; blocks for some seconds. Afterwards nothing of it is left.
   *
   * @throws IOException if this process may not make network namespaces, among others
   * @throws EndpointException if something was refused, or not ready within 20 s
   */
  public void run() throws IOException, EndpointException, InterruptedException {
    CountDownLatch registered = new CountDownLatch(1);
    Netns workload = Netns.create(WORKLOAD);
    try (Traces traces = Traces.open(config.tracing(), WORKLOAD);
        Node node =
            Node.join(config.state().directory(), Optional.of(config.nsm()), traces.telemetry());
        Nses nses =
            Nses.start(node, config, (nse, record, prefixes) -> registered.countDown(), () -> {})) {
      await(registered, () -> "NSE: " + nses.status());
      attach(node, workload);
      ask(node, workload);
    } finally {
      Netns.delete(WORKLOAD);
    }
  }

  private void attach(Node node, Netns workload)
      throws IOException, EndpointException, InterruptedException {
    Attached attached = new Attached();
    Clients.Wanted wanted = new Clients.Wanted(service(), Map.of(), INTERFACE);
    try (Clients clients = new Clients(node, wanted, attached)) {
      clients.attach(workload);
      attached.await();
    }
  }

  /** Asks the NSE itself: its chain is what is run most. */
  private void ask(Node node, Netns workload) throws EndpointException {
    NsmRuntime runtime = node.runtime();
    TokenSource tokens = node.tokens(WORKLOAD);
    try (ManagerAccess nse = ManagerAccess.open(runtime, nseUrl(), tokens)) {
      EndpointRunner runner =
          runtime.runner(
              EndpointChain.of(
                  WORKLOAD,
                  new UpdatePath(WORKLOAD, tokens, ConnectionId::random),
                  new AskKernelInterface(workload.url(), id -> INTERFACE),
                  nse.networkService()));
      for (int i = 0; i < connections; i++) {
        Deadline deadline = Deadline.after(runtime.requestTimeout(), runtime.timer());
        ConnectionRequest first = ConnectionRequest.of(Connection.to(service()));
        Connection connection = runner.request(first, Caller.SELF, deadline);
        ConnectionRequest refresh = ConnectionRequest.of(connection);
        runner.close(runner.request(refresh, Caller.SELF, deadline), Caller.SELF, deadline);
      }
    }
  }

  private String service() {
    return config.endpoints().get(0).service();
  }

  private String nseUrl() {
    return config.nsm().listenOn().orElseThrow();
  }

  private static void await(CountDownLatch done, Supplier<String> state)
      throws EndpointException, InterruptedException {
    if (!done.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new EndpointException(
          Reason.DEADLINE,
          "%s (expected: ready within %d s)".formatted(state.get(), PATIENCE.toSeconds()));
    }
  }

  /** Waits for the first attachment, and says why it does not come. */
  private static final class Attached implements Clients.Listener {

    private final CountDownLatch latch = new CountDownLatch(1);
    private volatile String last = "not asked yet";

    void await() throws EndpointException, InterruptedException {
      Rehearsal.await(latch, () -> "workload: " + last);
    }

    @Override
    public void onAttached(Netns netns, Connection connection) {
      latch.countDown();
    }

    @Override
    public void onFailure(Netns netns, EndpointException failure) {
      last = failure.getMessage();
    }

    @Override
    public void onOutage(Netns netns, String line) {
      last = line;
    }
  }
}
