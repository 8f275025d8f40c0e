package io.vl3.vpp.internal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The links, by id, that an earlier life left at the agent and nobody has asked for yet. They stay,
 * because packets may pass there; only one that stands in the way of a wanted link has to go. Not
 * thread-safe.
 */
final class Inheritance {

  private final Set<String> ids = new HashSet<>();
  private final Map<String, Set<String>> holders = new HashMap<>();

  /** Takes over everything that is known at the first look. */
  void begin(KnownItems known) {
    for (String id : known.ids()) {
      ids.add(id);
      for (Item item : known.of(id)) {
        for (String belonging : item.belongings()) {
          holders.computeIfAbsent(belonging, none -> new HashSet<>()).add(id);
        }
      }
    }
  }

  /** Whether the id is an earlier life's. */
  boolean contains(String id) {
    return ids.contains(id);
  }

  /** Whether links are left, besides what links share. */
  boolean hasLinks(Set<String> shared) {
    return ids.stream().anyMatch(id -> !shared.contains(id));
  }

  /** The id was asked for, or is gone. */
  void remove(String id) {
    if (ids.remove(id) && ids.isEmpty()) {
      holders.clear();
    }
  }

  /** Ids other than the own that have what the objects need. */
  Set<String> inTheWayOf(String ownId, List<Item> items) {
    Set<String> found = new HashSet<>();
    if (!ids.isEmpty()) {
      for (Item item : items) {
        item.belongings().forEach(one -> found.addAll(holders.getOrDefault(one, Set.of())));
      }
      found.retainAll(ids);
      found.remove(ownId);
    }
    return found;
  }
}
