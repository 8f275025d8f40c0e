package io.vl3.vpp.internal;

import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkKey;
import io.vl3.failure.EndpointException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the objects of a link that the agent does not hold as they are wanted. */
final class Drafting {

  private final OwnerNames names;
  private final LinkRenderer renderer;
  private final DesiredState desired;
  private final KnownItems known;

  Drafting(OwnerNames names, LinkRenderer renderer, DesiredState desired, KnownItems known) {
    this.names = names;
    this.renderer = renderer;
    this.desired = desired;
    this.known = known;
  }

  /**
   * The draft for a wanted link.
   *
   * @param staged claims of the same round, to which this one's are added
   * @throws EndpointException if it cannot be, or has what is another's
   */
  Draft draft(Link link, Map<String, LinkKey> staged) throws EndpointException {
    LinkItems objects = renderer.render(link, interfaceName(link));
    desired.check(link.key(), objects, staged);
    List<Item> puts = objects.items().stream().filter(item -> !known.holds(item)).toList();
    return new Draft(new DesiredState.Wanted(link, objects), puts, true);
  }

  /** Drafts for those of the wanted links of which something does not run. */
  List<Draft> repairs(Collection<DesiredState.Wanted> links) {
    return links.stream().map(this::repair).filter(draft -> !draft.puts().isEmpty()).toList();
  }

  /** If something does not run, what no dump shows is sent, too: another may have deleted it. */
  private Draft repair(DesiredState.Wanted wanted) {
    List<Item> items = wanted.objects().items();
    return items.stream().allMatch(known::holds)
        ? new Draft(wanted, List.of(), false)
        : new Draft(wanted, items.stream().filter(this::mayBeMissing).toList(), false);
  }

  private boolean mayBeMissing(Item item) {
    boolean unseen = !item.kind().dumped() && known.get(item.key()).isPresent();
    return unseen || !known.holds(item);
  }

  /** A link keeps the name that it has, also from an earlier life: another makes it anew. */
  private String interfaceName(Link link) {
    Optional<String> had = desired.get(link.key()).map(w -> w.objects().interfaceName());
    return had.or(() -> existingName(link.key()))
        .orElseGet(() -> names.interfaceName(link.key(), link.title()));
  }

  private Optional<String> existingName(LinkKey key) {
    return known.of(names.id(key)).stream()
        .filter(item -> item.kind() == ItemKind.INTERFACE)
        .map(Item::name)
        .sorted()
        .findFirst();
  }
}
