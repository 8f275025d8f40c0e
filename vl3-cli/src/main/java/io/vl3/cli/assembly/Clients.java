package io.vl3.cli.assembly;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.endpoint.EndpointChain;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.health.EventKind;
import io.vl3.linux.Netns;
import io.vl3.linux.links.KernelLinks;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmRuntime;
import io.vl3.status.WorkloadView;
import io.vl3.time.BackOff;
import io.vl3.time.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Workloads' network namespaces that one process attaches to a network service and keeps attached.
 * They are attached side by side, some at a time; each is tried again until it succeeds.
 */
public final class Clients implements AutoCloseable {

  private static final Duration PROBE_TIMEOUT = Duration.ofMillis(500);
  private static final BackOff AGAIN = new BackOff(Duration.ofMillis(100), Duration.ofSeconds(2));

  /**
   * Requests of workloads that are not attached yet are so many at a time: a thousand at once would
   * each take as long as all of them, and be given up together.
   */
  private static final int MOST_REQUESTS = 32;

  private final Node node;
  private final NsmRuntime runtime;
  private final Turns turns;
  private final ManagerAccess manager;
  private final Wanted wanted;
  private final Listener listener;
  private final List<Workload> workloads = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /**
   * What the workloads ask for.
   *
   * @param service the network service
   * @param labels the workloads' labels
   * @param interfaceName the interface's name in each namespace
   */
  public record Wanted(String service, Map<String, String> labels, String interfaceName) {

    /** Copies the labels. */
    public Wanted {
      labels = Map.copyOf(labels);
    }
  }

  /** Receives the progress of attaching; called from several threads. */
  public interface Listener {

    /** A namespace is attached, or by now to another endpoint or with other addresses. */
    void onAttached(Netns netns, Connection connection);

    /** An attempt failed; another follows. */
    void onFailure(Netns netns, EndpointException failure);

    /**
     * An attached namespace has lost its network or cannot be refreshed, and why; or all is well
     * again. Called once for each cause, and once at the end.
     */
    void onOutage(Netns netns, String line);
  }

  /** Clients; nothing is asked before {@link #attach}. */
  public Clients(Node node, Wanted wanted, Listener listener) {
    this.node = node;
    this.runtime = node.runtime();
    this.turns = new Turns(runtime.executor(), MOST_REQUESTS);
    this.manager = node.manager();
    this.wanted = wanted;
    this.listener = listener;
  }

  /** Starts to attach a namespace. Does not block. */
  public void attach(Netns netns) throws IOException {
    ConnectionId id = id(netns);
    String name = String.valueOf(netns.path().getFileName());
    Workload workload = new Workload(netns, name, wanted, runtime.timer());
    EndpointRunner runner = runner(workload);
    Connection asked = Connection.to(wanted.service()).withId(id).withLabels(wanted.labels());
    workload.runs(runner);
    workloads.add(workload);
    turns.take(() -> request(runner, workload, ConnectionRequest.of(asked), 0));
  }

  /** The workloads, to be looked at. */
  public List<? extends WorkloadView> views() {
    return List.copyOf(workloads);
  }

  /** Closes all connections, side by side; waits for the request timeout at most. */
  @Override
  public void close() {
    closed = true;
    CompletableFuture<?>[] closing =
        workloads.stream()
            .map(workload -> workload.end("the client ends"))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(closing)
        .exceptionally(failure -> null)
        .completeOnTimeout(null, runtime.requestTimeout().toNanos(), TimeUnit.NANOSECONDS)
        .join();
  }

  /**
   * Leaves every connection as it stands, for the next run of this program, which asks for them
   * again; nothing is closed any more. Does not block.
   */
  public void leave() {
    closed = true;
    workloads.forEach(workload -> workload.leave("the client starts anew"));
    workloads.clear();
  }

  private EndpointRunner runner(Workload workload) {
    Netns netns = workload.netns();
    String name = workload.name();
    WorkloadChain.Component component =
        new WorkloadChain.Component(name, node.tokens(name), runtime.executor(), runtime.timer());
    WorkloadChain.Manager asked =
        new WorkloadChain.Manager(manager.networkService(), manager.monitor());
    NoteOutage outages =
        new NoteOutage(
            KernelLinks.probing(netns, PROBE_TIMEOUT),
            line -> outage(netns, line),
            runtime.timer(),
            runtime.reporter().of(name));
    EndpointChain chain =
        WorkloadChain.of(
            component,
            asked,
            outages,
            netns.url(),
            wanted.interfaceName(),
            connection -> attached(workload, connection));
    return runtime.runner(EndpointChain.of("vl3-client-outages", outages, chain));
  }

  private void attached(Workload workload, Connection connection) {
    if (!closed) {
      runtime
          .reporter()
          .of(workload.name())
          .happened(
              workload.attached() ? EventKind.CONNECTED : EventKind.MOVED,
              connection.endpointName(),
              connection.ip().clientAddresses().stream()
                  .map(Object::toString)
                  .collect(Collectors.joining(" ")));
      listener.onAttached(workload.netns(), connection);
    }
  }

  private void outage(Netns netns, String line) {
    if (!closed) {
      listener.onOutage(netns, line);
    }
  }

  private void request(
      EndpointRunner runner, Workload workload, ConnectionRequest request, int failures) {
    if (closed) {
      return;
    }
    try {
      Deadline deadline = Deadline.after(runtime.requestTimeout(), runtime.timer());
      Connection connection = runner.request(request, Caller.SELF, deadline);
      if (closed) {
        runner.close(connection, Caller.SELF, deadline);
      }
    } catch (EndpointException failure) {
      again(runner, workload, request, failures + 1, failure);
    }
  }

  private void again(
      EndpointRunner runner,
      Workload workload,
      ConnectionRequest request,
      int failures,
      EndpointException failure) {
    if (closed) {
      return;
    }
    listener.onFailure(workload.netns(), failure);
    Duration delay = AGAIN.delay(failures, runtime.random());
    var unused =
        runtime
            .timer()
            .after(delay, () -> turns.take(() -> request(runner, workload, request, failures)));
  }

  /** The same for a namespace in every run of this program, so that its link is taken over. */
  private ConnectionId id(Netns netns) throws IOException {
    String text =
        "vl3 client %s %s %s %s"
            .formatted(wanted.service(), wanted.interfaceName(), netns.path(), netns.inodeUrl());
    return new ConnectionId(
        UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString());
  }
}
