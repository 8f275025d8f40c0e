package io.vl3.cli.demo;

import io.vl3.cli.assembly.Termination;
import io.vl3.cli.demo.Children.Child;
import io.vl3.cli.demo.DemoPlan.Domain;
import io.vl3.cli.demo.DemoPlan.Nse;
import io.vl3.cli.pairs.Pair;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One demonstration from nothing to nothing: builds its network, waits for it, and reports. */
final class Demo implements AutoCloseable {

  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final DemoSize size;
  private final DemoNetwork network;
  private final Duration patience;
  private final Progress progress;
  private final HelloClient client = new HelloClient(DemoNetwork.PORT, FETCH_TIMEOUT);
  private boolean closed;

  /**
   * A demonstration; nothing happens before {@link #run}.
   *
   * @param vpp the VPP that NSEs have; empty: the kernel carries their packets
   * @param traces the way of the processes' spans
   * @param dir where its files go; all that is there is removed
   * @param patience how long it may take until every pair answers
   */
  Demo(
      DemoSize size,
      Optional<VppPrograms> vpp,
      TraceRelay traces,
      Path dir,
      Duration patience,
      Progress progress) {
    this.size = size;
    this.network = new DemoNetwork(DemoPlan.of(size, dir), vpp, traces);
    this.patience = patience;
    this.progress = progress;
  }

  DemoPlan plan() {
    return network.plan();
  }

  /**
   * Builds everything, waits until all pairs answer or patience ends, and reports.
   *
   * @param termination ends the wait early
   */
  DemoReport run(Termination termination) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long end = start + patience.toNanos();
    progress.tell(
        "building %d nodes, %d workload namespaces".formatted(size.domains(), size.allWorkloads()));
    network.build();
    startNses(end, termination);
    for (Domain domain : plan().domains()) {
      network.startClients(domain);
    }
    List<Pair> results = converge(end, termination);
    progress.done();
    return DemoReport.of(size, (System.nanoTime() - start) / 1e9, results);
  }

  /** Fetches everything once more. */
  List<Pair> fetchAll() {
    FetchMatrix matrix = new FetchMatrix(network.hosts(), client);
    return matrix.fetchAll(matrix.addresses());
  }

  /** Removes everything; idempotent. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    progress.tell("cleaning up");
    network.close();
    progress.done();
  }

  private void startNses(long end, Termination termination)
      throws IOException, InterruptedException {
    List<Child> started = new ArrayList<>();
    for (Domain domain : plan().domains()) {
      for (Nse nse : domain.nses()) {
        started.add(network.startNse(domain, nse));
      }
    }
    long ready = 0;
    while (ready < started.size() && System.nanoTime() < end) {
      checkAlive();
      pause(termination);
      ready = started.stream().filter(child -> child.said("registered")).count();
      progress.tell("%d of %d NSEs registered".formatted(ready, started.size()));
    }
  }

  private List<Pair> converge(long end, Termination termination)
      throws IOException, InterruptedException {
    FetchMatrix matrix = new FetchMatrix(network.hosts(), client);
    while (true) {
      checkAlive();
      Map<String, String> addresses = matrix.addresses();
      progress.tell("%d of %d workloads attached".formatted(addresses.size(), size.allWorkloads()));
      boolean patient = System.nanoTime() < end;
      boolean attached = addresses.size() == size.allWorkloads();
      if (!patient || (attached && matrix.ringAnswers(addresses))) {
        List<Pair> results = matrix.fetchAll(addresses);
        if (!patient || results.stream().allMatch(Pair::ok)) {
          requireAttached(attached, results);
          return results;
        }
      }
      pause(termination);
    }
  }

  /** Without a pair no result says that somebody has no address. */
  private void requireAttached(boolean attached, List<Pair> results) throws IOException {
    if (!attached && results.isEmpty()) {
      throw new IOException("the workload: no address within %d s".formatted(patience.toSeconds()));
    }
  }

  private void checkAlive() throws IOException {
    List<Child> dead = network.dead();
    if (!dead.isEmpty()) {
      Child first = dead.get(0);
      throw new IOException(
          "%s ended with exit code %d:\n  %s"
              .formatted(first.name(), first.process().exitValue(), first.lastWords()));
    }
  }

  private static void pause(Termination termination) throws InterruptedException {
    if (termination.await(LOOK_AGAIN)) {
      throw new InterruptedException("asked to end");
    }
  }
}
