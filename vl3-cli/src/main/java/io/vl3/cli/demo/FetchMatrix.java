package io.vl3.cli.demo;

import io.vl3.cli.pairs.Pair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Every workload's page, fetched from every other. Workloads fetch side by side. */
final class FetchMatrix {

  private final List<WorkloadHost> hosts;
  private final HelloClient client;

  FetchMatrix(List<WorkloadHost> hosts, HelloClient client) {
    this.hosts = List.copyOf(hosts);
    this.client = client;
  }

  /** The addresses that the workloads have by now, by name. */
  Map<String, String> addresses() {
    Map<String, CompletableFuture<Optional<String>>> asked = new LinkedHashMap<>();
    hosts.forEach(host -> asked.put(host.name(), host.address()));
    Map<String, String> found = new LinkedHashMap<>();
    asked.forEach((name, answer) -> answer.join().ifPresent(address -> found.put(name, address)));
    return found;
  }

  /** All ordered pairs, in the hosts' order. */
  List<Pair> fetchAll(Map<String, String> addresses) {
    List<CompletableFuture<List<Pair>>> rows = new ArrayList<>();
    for (WorkloadHost host : hosts) {
      rows.add(host.fetch(client, others(host, addresses)));
    }
    List<Pair> pairs = new ArrayList<>();
    rows.forEach(row -> pairs.addAll(row.join()));
    pairs.addAll(withoutAddress(addresses));
    pairs.sort(
        Comparator.comparingInt((Pair pair) -> place(pair.from()))
            .thenComparingInt(pair -> place(pair.to())));
    return List.copyOf(pairs);
  }

  /**
   * A cheap look whether it is worth to fetch everything: each workload fetches one page. A
   * workload alone has nobody to fetch from.
   */
  boolean ringAnswers(Map<String, String> addresses) {
    if (hosts.size() == 1) {
      return true;
    }
    List<CompletableFuture<List<Pair>>> asked = new ArrayList<>();
    for (int i = 0; i < hosts.size(); i++) {
      String next = hosts.get((i + 1) % hosts.size()).name();
      String address = addresses.get(next);
      if (address == null) {
        return false;
      }
      asked.add(hosts.get(i).fetch(client, Map.of(next, address)));
    }
    return asked.stream().allMatch(answer -> answer.join().stream().allMatch(Pair::ok));
  }

  private static Map<String, String> others(WorkloadHost host, Map<String, String> addresses) {
    Map<String, String> others = new TreeMap<>(addresses);
    others.remove(host.name());
    return others;
  }

  private List<Pair> withoutAddress(Map<String, String> addresses) {
    List<Pair> pairs = new ArrayList<>();
    for (WorkloadHost to : hosts) {
      for (WorkloadHost from : hosts) {
        if (!from.name().equals(to.name()) && !addresses.containsKey(to.name())) {
          pairs.add(Pair.failed(from.name(), to.name(), "", to.name() + " has no address"));
        }
      }
    }
    return pairs;
  }

  private int place(String name) {
    for (int i = 0; i < hosts.size(); i++) {
      if (hosts.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("workload: " + name + " (expected: one of the demo's)");
  }
}
