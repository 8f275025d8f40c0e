package io.vl3.vpp.internal.direct;

import io.vl3.vpp.internal.Equivalence;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.internal.VppView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Objects as VPP was told them in this life: no dump shows all of them, such as queues and secrets.
 * Not thread-safe.
 */
final class Told {

  private final Map<String, Item> items = new HashMap<>();

  void put(Item item) {
    items.put(Equivalence.dumpKey(item), item);
  }

  void remove(Item item) {
    items.remove(Equivalence.dumpKey(item));
  }

  /** What was told of an object last; empty if it was another life, or is there no more. */
  Optional<Item> of(Item item) {
    return Optional.ofNullable(items.get(Equivalence.dumpKey(item)));
  }

  /**
   * What is there, with what no dump shows as it was told, as long as nothing that a dump shows is
   * otherwise; what is otherwise is forgotten.
   */
  VppView view(Image seen) {
    List<Item> there = new ArrayList<>();
    Map<String, Item> still = new HashMap<>();
    for (Item item : seen.items()) {
      Optional<Item> was =
          of(item).filter(before -> Equivalence.difference(before, item).isEmpty());
      was.ifPresent(before -> still.put(Equivalence.dumpKey(item), before));
      there.add(was.orElse(item));
    }
    items.keySet().retainAll(still.keySet());
    return VppView.running(there);
  }
}
