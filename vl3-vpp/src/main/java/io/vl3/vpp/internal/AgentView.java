package io.vl3.vpp.internal;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What an agent was told and what it says runs, read at one time. Immutable. */
public final class AgentView {

  private final Map<String, Item> told;
  private final Map<String, Item> running;
  private final List<Item> untold;

  AgentView(List<Item> told, List<Item> running) {
    this.told = new HashMap<>();
    this.running = new HashMap<>();
    told.forEach(item -> this.told.put(item.key(), item));
    running.forEach(item -> this.running.put(Equivalence.dumpKey(item), item));
    Set<String> shownAs = told.stream().map(Equivalence::dumpKey).collect(Collectors.toSet());
    this.untold =
        this.running.entrySet().stream()
            .filter(shown -> !shownAs.contains(shown.getKey()))
            .map(Map.Entry::getValue)
            .toList();
  }

  /** What the agent was told by anybody. */
  public Collection<Item> told() {
    return List.copyOf(told.values());
  }

  /** What runs. */
  public Collection<Item> running() {
    return List.copyOf(running.values());
  }

  /** What runs and nobody told the agent. */
  List<Item> untold() {
    return untold;
  }

  /** What the agent was told under a key. */
  Optional<Item> told(String key) {
    return Optional.ofNullable(told.get(key));
  }

  /** What runs as an object; only of kinds that a dump shows. */
  public Optional<Item> running(Item item) {
    return Optional.ofNullable(running.get(Equivalence.dumpKey(item)));
  }

  /** Whether the agent was told exactly this and, as far as a dump tells, it runs. */
  boolean holds(Item wanted) {
    return Objects.equals(told.get(wanted.key()), wanted) && trouble(wanted).isEmpty();
  }

  /** Why what runs is not what was wanted; empty if it is, or no dump tells. */
  public Optional<String> trouble(Item wanted) {
    if (!wanted.kind().dumped()) {
      return Optional.empty();
    }
    return running(wanted)
        .map(is -> Equivalence.difference(wanted, is))
        .orElse(Optional.of("pending: it waits for what VPP has not (expected: running)"));
  }
}
