package io.vl3.cli.demo;

import io.vl3.cli.demo.DemoPlan.Workload;
import io.vl3.cli.pairs.Pair;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** A workload: a thread in its namespace, and its HTTP service there. */
final class WorkloadHost implements AutoCloseable {

  private static final String INTERFACE = "nsm0";

  private final Workload workload;
  private final ExecutorService inside;
  private final HelloServer server;

  private WorkloadHost(Workload workload, ExecutorService inside, HelloServer server) {
    this.workload = workload;
    this.inside = inside;
    this.server = server;
  }

  /**
   * Opens the workload's service.
   *
   * @param insideThreads makes threads that run in the workload's namespace
   */
  static WorkloadHost open(
      Workload workload, int port, ThreadFactory insideThreads, Executor serving)
      throws IOException {
    ExecutorService inside = Executors.newSingleThreadExecutor(insideThreads);
    try {
      HelloServer server =
          submit(inside, () -> HelloServer.open(workload.name(), port, serving)).join();
      return new WorkloadHost(workload, inside, server);
    } catch (CompletionException failure) {
      inside.shutdownNow();
      throw new IOException(
          "workload %s: no HTTP service in %s: %s"
              .formatted(workload.name(), workload.netns(), failure.getCause()),
          failure);
    }
  }

  String name() {
    return workload.name();
  }

  String netns() {
    return workload.netns();
  }

  /** The workload's address in the virtual layer 3, once it is attached. */
  CompletableFuture<Optional<String>> address() {
    return submit(inside, WorkloadHost::findAddress);
  }

  /** Fetches the pages of the others, one after the other. */
  CompletableFuture<List<Pair>> fetch(HelloClient client, Map<String, String> addressesByName) {
    return submit(
        inside,
        () ->
            addressesByName.entrySet().stream()
                .map(to -> client.fetch(name(), to.getKey(), to.getValue()))
                .toList());
  }

  @Override
  public void close() {
    server.close();
    inside.shutdownNow();
  }

  private static Optional<String> findAddress() throws IOException {
    NetworkInterface nsm = NetworkInterface.getByName(INTERFACE);
    if (nsm == null) {
      return Optional.empty();
    }
    return nsm.inetAddresses()
        .filter(Inet4Address.class::isInstance)
        .map(InetAddress::getHostAddress)
        .findFirst();
  }

  private static <T> CompletableFuture<T> submit(Executor executor, Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    executor.execute(
        () -> {
          try {
            result.complete(work.call());
          } catch (Exception | Error failure) {
            result.completeExceptionally(failure);
          }
        });
    return result;
  }
}
