package io.vl3.cli.demo;

import io.vl3.cli.assembly.SelfCommand;
import io.vl3.cli.config.TracingConfig;
import io.vl3.cli.demo.Children.Child;
import io.vl3.cli.demo.DemoPlan.Domain;
import io.vl3.cli.demo.DemoPlan.Nse;
import io.vl3.cli.demo.DemoPlan.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The nodes, workload namespaces and processes of a demonstration. The virtual layer 3 is the work
 * of the processes alone; here they are only started and stopped.
 */
final class DemoNetwork implements AutoCloseable {

  /** Where the workloads' HTTP services listen. */
  static final int PORT = 8080;

  private final DemoPlan plan;
  private final Optional<DemoVpp> vpp;
  private final TraceRelay traces;
  private final Leftovers leftovers;
  private final Children nses;
  private final Children clients;
  private final Children vpps;
  private final List<WorkloadHost> hosts = new ArrayList<>();
  private final ExecutorService serving =
      Executors.newCachedThreadPool(work -> daemon(work, "vl3-demo-http"));

  DemoNetwork(DemoPlan plan) {
    this(plan, Optional.empty(), new TraceRelay(TracingConfig.OFF));
  }

  /**
   * A network.
   *
   * @param vpp the VPP that NSEs have; empty: the kernel carries their packets
   * @param traces the way of the processes' spans, which this one opens and closes
   */
  DemoNetwork(DemoPlan plan, Optional<VppPrograms> vpp, TraceRelay traces) {
    this.plan = plan;
    this.traces = traces;
    this.vpp = vpp.map(programs -> new DemoVpp(programs, plan.dir()));
    this.leftovers = new Leftovers(plan.dir());
    this.nses = new Children(plan.dir());
    this.clients = new Children(plan.dir());
    this.vpps = new Children(plan.dir());
  }

  DemoPlan plan() {
    return plan;
  }

  /** The workloads, with their HTTP services open; empty before {@link #build}. */
  List<WorkloadHost> hosts() {
    return List.copyOf(hosts);
  }

  /** Removes what an earlier demonstration left, then makes nodes and workload namespaces. */
  void build() throws IOException {
    leftovers.remove();
    Files.createDirectories(
        plan.dir(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    leftovers.record(plan.namespaces());
    leftovers.record(plan.nses().map(Nse::netns).toList());
    Underlay.build(plan);
    traces.open(plan);
    for (Workload workload : plan.workloads().toList()) {
      hosts.add(WorkloadHost.open(workload, PORT, NetnsThreads.in(workload.netns()), serving));
    }
  }

  /** Starts {@code vl3 run} for one NSE, and its VPP if it has one. */
  Child startNse(Domain domain, Nse nse) throws IOException {
    if (vpp.isPresent()) {
      startVpp(domain, nse);
    }
    return startNse(domain, nse, config(domain, nse));
  }

  /** The configuration of an NSE. */
  String config(Domain domain, Nse nse) {
    return DemoConfig.of(plan, domain, nse) + vpp.map(its -> its.dataplane(nse)).orElse("");
  }

  /** Starts the VPP of an NSE, also one that has ended. */
  Child startVpp(Domain domain, Nse nse) throws IOException {
    return vpp.orElseThrow().start(vpps, domain, nse);
  }

  /** The same with another configuration. */
  Child startNse(Domain domain, Nse nse, String config) throws IOException {
    Path file = plan.dir().resolve(nse.name() + ".yaml");
    Files.writeString(file, config);
    return start(nses, domain, nse.name(), List.of("run", "--config", file.toString()));
  }

  /** Starts {@code vl3 client} for all workloads of a domain. */
  Child startClients(Domain domain) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("client", "--service", DemoPlan.SERVICE));
    for (Workload workload : domain.workloads()) {
      arguments.addAll(List.of("--netns", workload.netns()));
    }
    return start(clients, domain, domain.name() + "-clients", arguments);
  }

  /** The processes that ended by themselves. */
  List<Child> dead() {
    List<Child> dead = new ArrayList<>(nses.dead());
    dead.addAll(clients.dead());
    dead.addAll(vpps.dead());
    return List.copyOf(dead);
  }

  /** Stops everything and removes it; idempotent. */
  @Override
  public void close() throws IOException {
    clients.stop();
    nses.stop();
    vpps.stop();
    hosts.forEach(WorkloadHost::close);
    hosts.clear();
    serving.shutdownNow();
    traces.close();
    leftovers.remove();
  }

  private Child start(Children children, Domain domain, String name, List<String> arguments)
      throws IOException {
    Map<String, String> environment = new HashMap<>(traces.environment());
    environment.put("VL3_RUN_DIR", domain.runDir().toString());
    return children.start(name, domain.node(), SelfCommand.line(arguments), environment);
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
