package io.vl3.vpp.internal;

import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome.Failed;
import io.vl3.endpoint.Reason;
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
 * Sends what links need in as few calls as possible, and finds out whose objects failed: one call
 * for all; if that is refused, what runs is read back, and those that are not there are sent again,
 * by halves, until each is alone with its error. Used for one batch.
 */
final class Sender {

  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

  /** Half of what a gRPC server of the agent takes in one message. */
  private static final int LARGEST_CALL = 2 << 20;

  private final AgentClient client;
  private final KnownItems known;
  private final OwnerNames names;
  private final Map<LinkKey, Failed> failures = new HashMap<>();
  private Optional<AgentException> lost = Optional.empty();

  Sender(AgentClient client, KnownItems known, OwnerNames names) {
    this.client = client;
    this.known = known;
    this.names = names;
  }

  /** Why the agent was lost on the way. */
  Optional<AgentException> lost() {
    return lost;
  }

  /** The agent was lost on the way. */
  void lose(AgentException failure) {
    lost = Optional.of(failure);
  }

  /** What failed, by link. */
  Map<LinkKey, Failed> failures() {
    return failures;
  }

  /** Sends what the drafts need. */
  void put(List<Draft> drafts) {
    if (drafts.isEmpty()) {
      return;
    }
    if (lost.isPresent()) {
      failAll(drafts, lost.get());
    } else if (drafts.size() > 1 && bytes(items(drafts)) > LARGEST_CALL) {
      putHalves(drafts);
    } else {
      putTogether(drafts);
    }
  }

  /**
   * Deletes objects, in as few calls as an agent takes.
   *
   * @return why not all of it was done, in words; empty if it was
   */
  Optional<String> delete(List<Item> items) {
    if (items.isEmpty()) {
      return Optional.empty();
    }
    if (items.size() > 1 && bytes(items.stream()) > LARGEST_CALL) {
      int half = items.size() / 2;
      Optional<String> first = delete(items.subList(0, half));
      Optional<String> second = delete(items.subList(half, items.size()));
      return first.or(() -> second);
    }
    if (lost.isPresent()) {
      return Optional.of(lost.get().getMessage());
    }
    try {
      client.delete(items);
      items.forEach(item -> known.remove(item.key()));
      return Optional.empty();
    } catch (AgentException failure) {
      items.forEach(item -> known.doubt(item.key()));
      loseUnlessRefused(failure);
      return Optional.of(failure.getMessage());
    }
  }

  /** Tells the agent another content of an object that is there. */
  void replace(Item item) {
    if (lost.isPresent()) {
      return;
    }
    try {
      client.update(List.of(item));
      known.put(item);
    } catch (AgentException failure) {
      LOG.warn("{}: {} not changed for now: {}", client.agent(), item, failure.getMessage());
      known.doubt(item.key());
      loseUnlessRefused(failure);
    }
  }

  /** The agent took an object, and it does not run so. */
  void unheeded(Draft draft, Item item, String why) {
    failures.putIfAbsent(draft.key(), failed(draft, item, why));
  }

  private void putTogether(List<Draft> drafts) {
    try {
      Collection<Item> items = together(drafts).values();
      update(items);
      items.forEach(known::put);
    } catch (AgentException failure) {
      switch (failure.kind()) {
        case REFUSED -> isolate(drafts, failure);
        case LATE -> sortOut(drafts, failure);
        case AWAY, UNFIT -> lose(drafts, failure);
      }
    }
  }

  /**
   * Updates. An interface that runs, and that the agent forgot because it was sent a value that it
   * found invalid, would be made beside itself: it is deleted first.
   */
  private void update(Collection<Item> items) throws AgentException {
    try {
      client.update(items);
    } catch (AgentException refusal) {
      List<Item> forgotten = forgotten(items, refusal);
      if (forgotten.isEmpty()) {
        throw refusal;
      }
      LOG.warn("{}: forgot what runs, made anew: {}", client.agent(), forgotten);
      client.delete(forgotten);
      client.update(items);
    }
  }

  private List<Item> forgotten(Collection<Item> items, AgentException refusal) {
    return refusal.kind() != AgentException.Kind.REFUSED
        ? List.of()
        : items.stream()
            .filter(item -> item.kind() == ItemKind.INTERFACE)
            .filter(item -> known.get(item.key()).isPresent())
            .filter(item -> existsAlready(item, refusal))
            .toList();
  }

  private static boolean existsAlready(Item item, AgentException refusal) {
    return KeyErrors.ofKey(refusal.getMessage(), item.key())
        .filter(why -> KeyErrors.reason(why) == Reason.CONFLICT)
        .isPresent();
  }

  /** The agent said no to some of it: finds out to what. */
  private void isolate(List<Draft> drafts, AgentException refusal) {
    if (drafts.size() == 1) {
      fail(drafts.get(0), refused(drafts.get(0), refusal));
      return;
    }
    Optional<List<Draft>> left = notRunning(drafts);
    if (left.isEmpty()) {
      failAll(drafts, lost.orElse(refusal));
    } else if (left.get().size() == drafts.size()) {
      putHalves(drafts);
    } else {
      put(left.get());
    }
  }

  /** The agent did not answer in time: something waits, or it hangs. */
  private void sortOut(List<Draft> drafts, AgentException late) {
    Optional<List<Draft>> left = notRunning(drafts);
    if (left.isEmpty()) {
      failAll(drafts, lost.orElse(late));
    } else {
      left.get().forEach(draft -> fail(draft, pending(draft)));
    }
  }

  /** Reads back; those whose objects all run are done, the others are answered. */
  private Optional<List<Draft>> notRunning(List<Draft> drafts) {
    try {
      AgentView view = client.read();
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
    } catch (AgentException failure) {
      lost = Optional.of(failure);
      return Optional.empty();
    }
  }

  private void putHalves(List<Draft> drafts) {
    int half = drafts.size() / 2;
    put(drafts.subList(0, half));
    put(drafts.subList(half, drafts.size()));
  }

  private void loseUnlessRefused(AgentException failure) {
    if (failure.kind() != AgentException.Kind.REFUSED) {
      lost = Optional.of(failure);
    }
  }

  private void lose(List<Draft> drafts, AgentException failure) {
    lose(failure);
    failAll(drafts, failure);
  }

  private void failAll(List<Draft> drafts, AgentException failure) {
    Reason reason =
        failure.kind() == AgentException.Kind.LATE ? Reason.DEADLINE : Reason.UNAVAILABLE;
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

  /** The agent keeps also what failed among what it wants: new objects go, changed ones return. */
  private void undo(Draft draft) {
    List<Item> restored = new ArrayList<>();
    List<Item> added = new ArrayList<>();
    for (Item item : draft.puts()) {
      known.get(item.key()).ifPresentOrElse(restored::add, () -> added.add(item));
    }
    delete(spared(added)).ifPresent(why -> LOG.warn("{}: not undone: {}", draft.key(), why));
    if (restored.isEmpty() || lost.isPresent()) {
      return;
    }
    try {
      update(restored);
    } catch (AgentException failure) {
      LOG.warn("{}: not put back: {}", draft.key(), failure.getMessage());
      restored.forEach(item -> known.doubt(item.key()));
      loseUnlessRefused(failure);
    }
  }

  /** Without what others on the agent need by now: who deletes it takes it from them, too. */
  private List<Item> spared(List<Item> items) {
    if (lost.isPresent() || items.stream().noneMatch(SharedItems::isShared)) {
      return items;
    }
    try {
      AgentView view = client.read();
      return items.stream().filter(item -> !SharedItems.isUsedByOthers(item, view, names)).toList();
    } catch (AgentException failure) {
      lose(failure);
      return items;
    }
  }

  private Failed refused(Draft draft, AgentException refusal) {
    for (Item item : draft.puts()) {
      Optional<String> why = KeyErrors.of(refusal.getMessage(), item);
      if (why.isPresent()) {
        return failed(draft, item, why.get());
      }
    }
    return new Failed(
        Reason.UNAVAILABLE,
        "vpp-agent at %s: %s (expected: accepted) [link %s]"
            .formatted(client.agent(), refusal.getMessage(), draft.wanted().link().title()));
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
        "vpp-agent at %s: %s: %s [link %s]"
            .formatted(client.agent(), item, why, draft.wanted().link().title()));
  }

  /** What the drafts need, by key; what several need once, so that it serves all of them. */
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

  private static long bytes(Stream<Item> items) {
    return items.mapToLong(item -> item.message().getSerializedSize()).sum();
  }
}
