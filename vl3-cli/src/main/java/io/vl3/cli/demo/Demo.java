package io.vl3.cli.demo;

import io.vl3.cli.assembly.SelfCommand;
import io.vl3.cli.assembly.Termination;
import io.vl3.cli.demo.Children.Child;
import io.vl3.cli.demo.DemoPlan.Domain;
import io.vl3.cli.demo.DemoPlan.Nse;
import io.vl3.cli.demo.DemoPlan.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One demonstration from nothing to nothing. The virtual layer 3 is the work of the child processes
 * alone; here are only nodes, empty workload namespaces, and the fetching.
 */
final class Demo implements AutoCloseable {

  private static final int PORT = 8080;
  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final DemoSize size;
  private final DemoPlan plan;
  private final Duration patience;
  private final Progress progress;
  private final Leftovers leftovers;
  private final Children nses;
  private final Children clients;
  private final List<WorkloadHost> hosts = new ArrayList<>();
  private final ExecutorService serving =
      Executors.newCachedThreadPool(work -> daemon(work, "vl3-demo-http"));
  private final HelloClient client = new HelloClient(PORT, FETCH_TIMEOUT);
  private boolean closed;

  /**
   * A demonstration; nothing happens before {@link #run}.
   *
   * @param dir where its files go; all that is there is removed
   * @param patience how long it may take until every pair answers
   */
  Demo(DemoSize size, Path dir, Duration patience, Progress progress) {
    this.size = size;
    this.plan = DemoPlan.of(size, dir);
    this.patience = patience;
    this.progress = progress;
    this.leftovers = new Leftovers(dir);
    this.nses = new Children(dir);
    this.clients = new Children(dir);
  }

  DemoPlan plan() {
    return plan;
  }

  /**
   * Builds everything, waits until all pairs answer or patience ends, and reports.
   *
   * @param termination ends the wait early
   */
  DemoReport run(Termination termination) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long end = start + patience.toNanos();
    progress.tell("removing what an earlier demo left");
    leftovers.remove();
    progress.tell(
        "building %d nodes, %d workload namespaces".formatted(size.domains(), size.allWorkloads()));
    build();
    startNses(end, termination);
    startClients();
    List<Pair> results = converge(end, termination);
    progress.done();
    return DemoReport.of(size, (System.nanoTime() - start) / 1e9, results);
  }

  /** Fetches everything once more. */
  List<Pair> fetchAll() {
    FetchMatrix matrix = new FetchMatrix(hosts, client);
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
    clients.stop();
    nses.stop();
    hosts.forEach(WorkloadHost::close);
    serving.shutdownNow();
    leftovers.remove();
    progress.done();
  }

  private void build() throws IOException {
    Files.createDirectories(
        plan.dir(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    leftovers.record(plan.namespaces());
    leftovers.record(plan.nses().map(Nse::netns).toList());
    Underlay.build(plan);
    for (Workload workload : plan.workloads().toList()) {
      hosts.add(WorkloadHost.open(workload, PORT, NetnsThreads.in(workload.netns()), serving));
    }
  }

  private void startNses(long end, Termination termination)
      throws IOException, InterruptedException {
    List<Child> started = new ArrayList<>();
    for (Domain domain : plan.domains()) {
      for (Nse nse : domain.nses()) {
        Path config = plan.dir().resolve(nse.name() + ".yaml");
        Files.writeString(config, DemoConfig.of(plan, domain, nse));
        started.add(start(nses, domain, nse.name(), List.of("run", "--config", config.toString())));
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

  private void startClients() throws IOException {
    for (Domain domain : plan.domains()) {
      List<String> arguments = new ArrayList<>(List.of("client", "--service", DemoPlan.SERVICE));
      for (Workload workload : domain.workloads()) {
        arguments.addAll(List.of("--netns", workload.netns()));
      }
      start(clients, domain, domain.name() + "-clients", arguments);
    }
  }

  private Child start(Children children, Domain domain, String name, List<String> arguments)
      throws IOException {
    Map<String, String> environment = Map.of("VL3_RUN_DIR", domain.runDir().toString());
    return children.start(name, domain.node(), SelfCommand.line(arguments), environment);
  }

  private List<Pair> converge(long end, Termination termination)
      throws IOException, InterruptedException {
    FetchMatrix matrix = new FetchMatrix(hosts, client);
    while (true) {
      checkAlive();
      Map<String, String> addresses = matrix.addresses();
      progress.tell("%d of %d workloads attached".formatted(addresses.size(), size.allWorkloads()));
      boolean patient = System.nanoTime() < end;
      boolean attached = addresses.size() == size.allWorkloads();
      if (!patient || (attached && matrix.ringAnswers(addresses))) {
        List<Pair> results = matrix.fetchAll(addresses);
        if (!patient || results.stream().allMatch(Pair::ok)) {
          return results;
        }
      }
      pause(termination);
    }
  }

  private void checkAlive() throws IOException {
    List<Child> dead = new ArrayList<>(nses.dead());
    dead.addAll(clients.dead());
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

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
