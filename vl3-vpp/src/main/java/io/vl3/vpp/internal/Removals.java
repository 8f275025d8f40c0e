package io.vl3.vpp.internal;

import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.dataplane.LinkOutcome.Failed;
import io.vl3.failure.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes objects that are not wanted any more, and spares those that other clients need. */
final class Removals {

  private static final Logger LOG = LoggerFactory.getLogger(Removals.class);

  private final Configurator client;
  private final OwnerNames names;
  private final DesiredState desired;
  private final KnownItems known;
  private final Inheritance inherited;

  Removals(
      Configurator client,
      OwnerNames names,
      DesiredState desired,
      KnownItems known,
      Inheritance inherited) {
    this.client = client;
    this.names = names;
    this.desired = desired;
    this.known = known;
    this.inherited = inherited;
  }

  /** Objects of this life that nobody wants: undone while the agent was away, or not deleted. */
  List<Item> garbage(VppView view) {
    List<Item> garbage = new ArrayList<>();
    for (String id : known.ids()) {
      if (!inherited.contains(id)) {
        known.of(id).stream()
            .filter(item -> !desired.wants(item.key()))
            .filter(item -> !SharedItems.isUsedByOthers(item, view, names))
            .forEach(garbage::add);
      }
    }
    return garbage;
  }

  /** Without objects that other clients use by now. */
  Map<LinkKey, List<Item>> spare(Map<LinkKey, List<Item>> obsolete, Calls calls) {
    boolean shared =
        obsolete.values().stream().flatMap(List::stream).anyMatch(SharedItems::isShared);
    if (shared && calls.lost().isEmpty()) {
      try {
        VppView view = client.read();
        obsolete.replaceAll(
            (key, items) ->
                items.stream()
                    .filter(item -> !SharedItems.isUsedByOthers(item, view, names))
                    .toList());
      } catch (VppException failure) {
        calls.lose(failure);
      }
    }
    return obsolete;
  }

  /** Deletes obsolete objects and writes the outcomes. */
  void delete(
      Calls calls,
      Map<LinkKey, List<Item>> obsolete,
      List<LinkChange> changes,
      Map<LinkKey, LinkOutcome> outcomes) {
    List<Item> all = obsolete.values().stream().flatMap(List::stream).toList();
    Optional<String> failure = calls.delete(all);
    boolean alone = failure.isPresent() && calls.lost().isEmpty() && obsolete.size() > 1;
    for (LinkChange change : changes) {
      List<Item> items = obsolete.getOrDefault(change.key(), List.of());
      Optional<String> why = alone ? calls.delete(items) : failure;
      if (change instanceof LinkChange.Remove) {
        outcomes.put(change.key(), removed(items, why));
      } else if (!items.isEmpty() && why.isPresent()) {
        LOG.warn("{}: obsolete objects stay for now: {}", change.key(), why.get());
      } else if (!items.isEmpty()) {
        outcomes.computeIfPresent(change.key(), (same, outcome) -> changed(outcome));
      }
    }
  }

  private static LinkOutcome removed(List<Item> items, Optional<String> why) {
    return why.isPresent() && !items.isEmpty()
        ? new Failed(Reason.UNAVAILABLE, why.get())
        : new Applied(!items.isEmpty(), 0);
  }

  private static LinkOutcome changed(LinkOutcome outcome) {
    return outcome instanceof Applied applied ? new Applied(true, applied.mtuBytes()) : outcome;
  }

  /** Takes addresses from the lender that no link shows any more, nor one of an earlier life. */
  void trim(Calls calls) {
    String lenderId = names.idOf(names.loopbackName()).orElseThrow();
    if (inherited.hasLinks(Set.of(KnownItems.BASE, lenderId))) {
      return;
    }
    for (Item lender : known.of(lenderId)) {
      if (lender.kind() == ItemKind.INTERFACE && desired.wants(lender.key())) {
        Item trimmed = Lender.trimmed(lender, desired::wants);
        if (!trimmed.equals(lender)) {
          calls.replace(trimmed);
        }
      }
    }
  }
}
