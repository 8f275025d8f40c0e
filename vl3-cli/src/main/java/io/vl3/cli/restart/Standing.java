package io.vl3.cli.restart;

import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.ProcessStatus;
import io.vl3.api.admin.v1.Workload;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What NSEs have at one moment, links that are up and workloads, and where workloads are attached.
 *
 * @param nses by name
 * @param workloads that are attached, by name
 */
record Standing(SortedMap<String, Nse> nses, SortedMap<String, Workload> workloads) {

  private static final String UP = "up";
  private static final String ATTACHED = "attached";

  static Standing of(List<ProcessStatus> processes) {
    SortedMap<String, Nse> nses = new TreeMap<>();
    SortedMap<String, Workload> workloads = new TreeMap<>();
    for (ProcessStatus process : processes) {
      process.getNsesList().forEach(nse -> nses.put(nse.getName(), nse));
      process.getWorkloadsList().stream()
          .filter(workload -> workload.getState().equals(ATTACHED))
          .forEach(workload -> workloads.put(workload.getName(), workload));
    }
    return new Standing(nses, workloads);
  }

  /** The trouble of one of its NSEs; empty if there is none. */
  Optional<String> trouble() {
    return nses.values().stream().flatMap(nse -> trouble(nse).stream()).findFirst();
  }

  /** The part of an earlier standing that this one lacks; empty if none. */
  Optional<String> lackOf(Standing earlier) {
    return Stream.concat(
            earlier.nses.values().stream().flatMap(nse -> lackOf(nse).stream()),
            earlier.workloads.values().stream().flatMap(workload -> lackOf(workload).stream()))
        .findFirst();
  }

  private Optional<String> lackOf(Workload before) {
    Workload now = workloads.get(before.getName());
    if (now == null) {
      return Optional.of(before.getName() + ": is not attached");
    }
    return now.getAddressesList().equals(before.getAddressesList())
        ? Optional.empty()
        : Optional.of(
            "%s: has %s (expected: %s, as before)"
                .formatted(now.getName(), now.getAddressesList(), before.getAddressesList()));
  }

  private Optional<String> lackOf(Nse before) {
    Nse now = nses.get(before.getName());
    if (now == null) {
      return Optional.of(before.getName() + ": does not answer");
    }
    if (!now.getState().equals(UP)) {
      return trouble(now);
    }
    if (linked(now) < linked(before)) {
      return Optional.of(
          "%s: linked with %d of %d peers".formatted(now.getName(), linked(now), linked(before)));
    }
    return now.getWorkloads() < before.getWorkloads()
        ? Optional.of(
            "%s: %d of %d workloads are back"
                .formatted(now.getName(), now.getWorkloads(), before.getWorkloads()))
        : Optional.empty();
  }

  private static Optional<String> trouble(Nse nse) {
    if (!nse.getState().equals(UP)) {
      return Optional.of("%s: is %s".formatted(nse.getName(), nse.getState()));
    }
    return nse.getPeersList().stream()
        .filter(peer -> !peer.getState().equals(UP))
        .map(
            peer ->
                "%s: its peer %s is %s".formatted(nse.getName(), peer.getName(), peer.getState()))
        .findFirst();
  }

  private static long linked(Nse nse) {
    return nse.getPeersList().stream().filter(peer -> peer.getState().equals(UP)).count();
  }
}
