package io.vl3.mesh.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which kernels have the ends of a link. */
final class Wires {

  private final Map<String, List<Kernel>> ends = new HashMap<>();

  void add(String title, Kernel end) {
    ends.computeIfAbsent(title, t -> new ArrayList<>(2)).add(end);
  }

  void remove(String title, Kernel end) {
    ends.computeIfPresent(
        title,
        (t, kernels) -> {
          kernels.remove(end);
          return kernels.isEmpty() ? null : kernels;
        });
  }

  /** The kernel at the other end, if it has one. */
  Optional<Kernel> other(String title, Kernel one) {
    return ends.getOrDefault(title, List.of()).stream().filter(end -> end != one).findFirst();
  }
}
