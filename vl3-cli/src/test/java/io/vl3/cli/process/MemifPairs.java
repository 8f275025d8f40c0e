package io.vl3.cli.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Every workload pings every other, all pairs at the same time: one after the other twelve pings
 * take longer than what the pairs wait for.
 */
final class MemifPairs implements AutoCloseable {

  private final List<MemifWorkload> workloads;
  private final ExecutorService pings = Executors.newCachedThreadPool();
  private Set<String> lastSilent = Set.of();

  MemifPairs(List<MemifWorkload> workloads) {
    this.workloads = List.copyOf(workloads);
  }

  /** The pairs without an answer. */
  Set<String> silent() throws Exception {
    workloads.forEach(MemifWorkload::sync);
    Map<String, Future<Boolean>> answers = new TreeMap<>();
    for (MemifWorkload from : workloads) {
      for (MemifWorkload to : others(from)) {
        answers.put(from + " to " + to, pings.submit(() -> from.reaches(to)));
      }
    }
    Set<String> silent = new TreeSet<>();
    for (Map.Entry<String, Future<Boolean>> answer : answers.entrySet()) {
      if (!answer.getValue().get()) {
        silent.add(answer.getKey());
      }
    }
    lastSilent = silent;
    return silent;
  }

  /** What was answered last. */
  Set<String> lastSilent() {
    return lastSilent;
  }

  private List<MemifWorkload> others(MemifWorkload from) {
    List<MemifWorkload> others = new ArrayList<>(workloads);
    others.remove(from);
    return others;
  }

  @Override
  public void close() {
    pings.shutdownNow();
  }
}
