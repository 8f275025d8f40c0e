package io.vl3.cli.restart;

import io.vl3.api.admin.v1.Nse;
import io.vl3.api.admin.v1.ProcessStatus;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What NSEs have at one moment: links that are up, and workloads.
 *
 * @param nses by name
 */
record Standing(SortedMap<String, Nse> nses) {

  private static final String UP = "up";

  static Standing of(List<ProcessStatus> processes) {
    SortedMap<String, Nse> nses = new TreeMap<>();
    processes.forEach(
        process -> process.getNsesList().forEach(nse -> nses.put(nse.getName(), nse)));
    return new Standing(nses);
  }

  /** The trouble of one of its NSEs; empty if there is none. */
  Optional<String> trouble() {
    return nses.values().stream().flatMap(nse -> trouble(nse).stream()).findFirst();
  }

  /** The part of an earlier standing that this one lacks; empty if none. */
  Optional<String> lackOf(Standing earlier) {
    return earlier.nses.values().stream().flatMap(nse -> lackOf(nse).stream()).findFirst();
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
