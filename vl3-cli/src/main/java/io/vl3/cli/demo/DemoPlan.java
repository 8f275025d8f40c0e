package io.vl3.cli.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the demonstration consists of: names, places and addresses, all known beforehand.
 *
 * @param hub the namespace that holds the underlay's bridge
 * @param dir where files are: configs, logs, each domain's run directory
 * @param domains the nodes
 */
record DemoPlan(String hub, Path dir, List<Domain> domains) {

  static final String SERVICE = "vl3-demo";
  static final String POOL = "10.60.0.0/16";
  static final String UNDERLAY = "172.31.0.0/24";

  /** Every NSE has an octet of the pool. */
  static final int MOST_NSES = 250;

  /** Where the managers of other domains listen, inside their nodes. */
  static final int MANAGER_PORT = 5001;

  private static final String PREFIX = "vl3-demo-";

  /**
   * A node that stands for a machine.
   *
   * @param name such as {@code d1}
   * @param node its network namespace
   * @param underlayAddress its address in the underlay
   * @param runDir the run directory of its processes
   * @param nses its NSEs
   * @param workloads its workloads
   */
  record Domain(
      String name,
      String node,
      String underlayAddress,
      Path runDir,
      List<Nse> nses,
      List<Workload> workloads) {

    String managerAddress() {
      return underlayAddress + ":" + MANAGER_PORT;
    }
  }

  /**
   * An NSE.
   *
   * @param name its endpoint's name
   * @param octet the third octet of its prefix
   */
  record Nse(String name, int octet) {

    /** The namespace that {@code vl3 run} pins for it. */
    String netns() {
      return "vl3-" + name;
    }

    String prefix() {
      return "10.60." + octet + ".0/24";
    }

    boolean owns(String address) {
      return address.startsWith("10.60." + octet + ".");
    }
  }

  /**
   * A workload.
   *
   * @param name what its page says
   * @param netns its network namespace
   */
  record Workload(String name, String netns) {}

  static DemoPlan of(DemoSize size, Path dir) {
    List<Domain> domains = new ArrayList<>();
    for (int d = 1; d <= size.domains(); d++) {
      domains.add(domain(d, size, dir));
    }
    return new DemoPlan(PREFIX + "hub", dir, List.copyOf(domains));
  }

  Stream<Workload> workloads() {
    return domains.stream().flatMap(domain -> domain.workloads().stream());
  }

  Stream<Nse> nses() {
    return domains.stream().flatMap(domain -> domain.nses().stream());
  }

  /** The namespaces that the demonstration itself makes. */
  List<String> namespaces() {
    return Stream.of(
            Stream.of(hub), domains.stream().map(Domain::node), workloads().map(Workload::netns))
        .flatMap(names -> names)
        .toList();
  }

  private static Domain domain(int d, DemoSize size, Path dir) {
    String name = "d" + d;
    List<Nse> nses = new ArrayList<>();
    for (int n = 1; n <= size.nses(); n++) {
      nses.add(new Nse(PREFIX + name + "-nse" + n, (d - 1) * size.nses() + n));
    }
    List<Workload> workloads = new ArrayList<>();
    for (int w = 1; w <= size.workloads(); w++) {
      String workload = name + "-w" + w;
      workloads.add(new Workload(workload, PREFIX + workload));
    }
    return new Domain(
        name,
        PREFIX + name,
        "172.31.0." + d,
        dir.resolve(name),
        List.copyOf(nses),
        List.copyOf(workloads));
  }
}
