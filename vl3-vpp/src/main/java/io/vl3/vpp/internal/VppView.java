package io.vl3.vpp.internal;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The configuration that VPP was sent and what runs, read at one time. VPP's own API keeps no
 * configuration apart: what runs there is the configuration, and every kind of object is shown.
 * Immutable.
 */
public final class VppView {

  private final Map<String, Item> told;
  private final Map<String, Item> running;
  private final List<Item> untold;
  private final boolean showsAll;

  private VppView(List<Item> told, List<Item> running, boolean showsAll) {
    this.showsAll = showsAll;
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

  /** An agent's view. */
  static VppView told(List<Item> told, List<Item> running) {
    return new VppView(told, running, false);
  }

  /** VPP's own view. */
  public static VppView running(List<Item> running) {
    return new VppView(running, running, true);
  }

  /** Whether the configuration is not known apart from what runs. */
  public boolean showsAll() {
    return showsAll;
  }

  /** The configuration that any client has sent. */
  public Collection<Item> told() {
    return List.copyOf(told.values());
  }

  /** The objects that run. */
  public Collection<Item> running() {
    return List.copyOf(running.values());
  }

  /** The objects that run and are not configured. */
  List<Item> untold() {
    return untold;
  }

  /** The configured object of a key. */
  Optional<Item> told(String key) {
    return Optional.ofNullable(told.get(key));
  }

  /** The running object that stands for a configured one; only of kinds that a dump shows. */
  public Optional<Item> running(Item item) {
    return Optional.ofNullable(running.get(Equivalence.dumpKey(item)));
  }

  /** Whether exactly this is configured and, as far as a dump shows, runs. */
  boolean holds(Item wanted) {
    return Objects.equals(told.get(wanted.key()), wanted) && trouble(wanted).isEmpty();
  }

  /** Why the wanted object does not run so; empty if it does, or no dump shows it. */
  public Optional<String> trouble(Item wanted) {
    if (!showsAll && !wanted.kind().dumped()) {
      return Optional.empty();
    }
    return running(wanted)
        .map(is -> Equivalence.difference(wanted, is))
        .orElse(Optional.of("pending: it waits for what VPP has not (expected: running)"));
  }
}
