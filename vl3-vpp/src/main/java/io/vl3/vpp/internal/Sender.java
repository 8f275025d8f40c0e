package io.vl3.vpp.internal;

import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome.Failed;
import io.vl3.failure.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the objects of links in as few calls as possible, and finds the links whose objects failed.
 * It sends all in one call. If the agent refuses that, it reads back what runs, and sends the links
 * that are not there again, by halves, until each is alone with its error. Used for one batch.
 */
final class Sender {

  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

  private final Configurator client;
  private final Calls calls;
  private final KnownItems known;
  private final OwnerNames names;
  private final Map<LinkKey, Failed> failures = new HashMap<>();

  Sender(Configurator client, KnownItems known, OwnerNames names) {
    this.client = client;
    this.calls = new Calls(client, known);
    this.known = known;
    this.names = names;
  }

  /** The calls of the same batch that belong to no link. */
  Calls calls() {
    return calls;
  }

  /** The failures, by link. */
  Map<LinkKey, Failed> failures() {
    return failures;
  }

  /** Sends what the drafts need. */
  void put(List<Draft> drafts) {
    if (drafts.isEmpty()) {
      return;
    }
    if (calls.lost().isPresent()) {
      failAll(drafts, calls.lost().get());
    } else if (drafts.size() > 1 && Calls.areTooLarge(items(drafts))) {
      putHalves(drafts);
    } else {
      putTogether(drafts);
    }
  }

  /** The agent took an object, and it does not run so. */
  void unheeded(Draft draft, Item item, String why) {
    failures.putIfAbsent(draft.key(), failed(draft, item, why));
  }

  private void putTogether(List<Draft> drafts) {
    try {
      Collection<Item> items = together(drafts).values();
      calls.update(items);
      items.forEach(known::put);
    } catch (VppException failure) {
      switch (failure.kind()) {
        case REFUSED -> isolate(drafts, failure);
        case LATE -> sortOut(drafts, failure);
        case AWAY, UNFIT -> lose(drafts, failure);
      }
    }
  }

  /** The agent refused some of it: finds out what. */
  private void isolate(List<Draft> drafts, VppException refusal) {
    if (drafts.size() == 1) {
      fail(drafts.get(0), refused(drafts.get(0), refusal));
      return;
    }
    Optional<List<Draft>> left = notRunning(drafts);
    if (left.isEmpty()) {
      failAll(drafts, calls.lost().orElse(refusal));
    } else if (left.get().size() == drafts.size()) {
      putHalves(drafts);
    } else {
      put(left.get());
    }
  }

  /** The agent did not answer in time: something waits, or it hangs. */
  private void sortOut(List<Draft> drafts, VppException late) {
    Optional<List<Draft>> left = notRunning(drafts);
    if (left.isEmpty()) {
      failAll(drafts, calls.lost().orElse(late));
    } else {
      left.get().forEach(draft -> fail(draft, pending(draft)));
    }
  }

  /** Reads back: drafts whose objects all run are done; answers the others. */
  private Optional<List<Draft>> notRunning(List<Draft> drafts) {
    try {
      VppView view = client.read();
      Map<String, Item> sent = together(drafts);
      List<Draft> left = new ArrayList<>();
      for (Draft draft : drafts) {
        List<Item> items = draft.puts().stream().map(item -> sent.get(item.key())).toList();
        if (items.stream().allMatch(view::holds)) {
          items.forEach(known::put);
        } else {
          left.add(draft);
        }
      }
      return Optional.of(left);
    } catch (VppException failure) {
      calls.lose(failure);
      return Optional.empty();
    }
  }

  private void putHalves(List<Draft> drafts) {
    int half = drafts.size() / 2;
    put(drafts.subList(0, half));
    put(drafts.subList(half, drafts.size()));
  }

  private void lose(List<Draft> drafts, VppException failure) {
    calls.lose(failure);
    failAll(drafts, failure);
  }

  private void failAll(List<Draft> drafts, VppException failure) {
    Reason reason = failure.kind() == VppException.Kind.LATE ? Reason.DEADLINE : Reason.UNAVAILABLE;
    for (Draft draft : drafts) {
      draft.puts().forEach(item -> known.doubt(item.key()));
      failures.put(draft.key(), new Failed(reason, failure.getMessage()));
    }
  }

  private void fail(Draft draft, Failed failed) {
    failures.put(draft.key(), failed);
    if (draft.undo()) {
      undo(draft);
    } else {
      draft.puts().forEach(item -> known.doubt(item.key()));
    }
  }

  /** The agent keeps failed objects configured: new ones are deleted, changed ones put back. */
  private void undo(Draft draft) {
    List<Item> restored = new ArrayList<>();
    List<Item> added = new ArrayList<>();
    for (Item item : draft.puts()) {
      known.get(item.key()).ifPresentOrElse(restored::add, () -> added.add(item));
    }
    calls.delete(spared(added)).ifPresent(why -> LOG.warn("{}: not undone: {}", draft.key(), why));
    if (restored.isEmpty() || calls.lost().isPresent()) {
      return;
    }
    try {
      calls.update(restored);
    } catch (VppException failure) {
      LOG.warn("{}: not put back: {}", draft.key(), failure.getMessage());
      restored.forEach(item -> known.doubt(item.key()));
      calls.loseUnlessRefused(failure);
    }
  }

  /** Without objects that other clients need by now: a deletion takes them from those, too. */
  private List<Item> spared(List<Item> items) {
    if (calls.lost().isPresent() || items.stream().noneMatch(SharedItems::isShared)) {
      return items;
    }
    try {
      VppView view = client.read();
      return items.stream().filter(item -> !SharedItems.isUsedByOthers(item, view, names)).toList();
    } catch (VppException failure) {
      calls.lose(failure);
      return items;
    }
  }

  private Failed refused(Draft draft, VppException refusal) {
    for (Item item : draft.puts()) {
      Optional<String> why = refusal.of(item);
      if (why.isPresent()) {
        return failed(draft, item, why.get());
      }
    }
    return new Failed(
        Reason.UNAVAILABLE,
        "%s: %s (expected: accepted) [link %s]"
            .formatted(client.subject(), refusal.getMessage(), draft.wanted().link().title()));
  }

  private Failed pending(Draft draft) {
    return failed(
        draft,
        draft.puts().get(draft.puts().size() - 1),
        "pending: it waits for what VPP has not, or is slow (expected: running within a call)");
  }

  private Failed failed(Draft draft, Item item, String why) {
    return new Failed(
        KeyErrors.reason(why),
        "%s: %s: %s [link %s]"
            .formatted(client.subject(), item, why, draft.wanted().link().title()));
  }

  /** The objects of the drafts, by key; one that several need once, so that it serves all. */
  private Map<String, Item> together(List<Draft> drafts) {
    Map<String, Item> items = new LinkedHashMap<>();
    for (Draft draft : drafts) {
      draft.puts().forEach(item -> items.merge(item.key(), known.grown(item), Lender::grown));
    }
    return items;
  }

  private static Stream<Item> items(List<Draft> drafts) {
    return drafts.stream().flatMap(draft -> draft.puts().stream());
  }
}
