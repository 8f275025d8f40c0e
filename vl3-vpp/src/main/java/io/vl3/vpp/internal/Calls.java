package io.vl3.vpp.internal;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of one batch that change something. They keep up what is known of the agent, and
 * remember if the agent was lost on the way. Not thread-safe.
 */
final class Calls {

  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  /** Half of what a gRPC server of the agent takes in one message. */
  private static final int LARGEST = 2 << 20;

  private final Configurator client;
  private final KnownItems known;
  private Optional<VppException> lost = Optional.empty();

  Calls(Configurator client, KnownItems known) {
    this.client = client;
    this.known = known;
  }

  /** Whether objects are too many for one call. */
  static boolean areTooLarge(Stream<Item> items) {
    return items.mapToLong(item -> item.message().getSerializedSize()).sum() > LARGEST;
  }

  /** Why the agent was lost on the way. */
  Optional<VppException> lost() {
    return lost;
  }

  /** The agent was lost on the way. */
  void lose(VppException failure) {
    lost = Optional.of(failure);
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
    if (items.size() > 1 && areTooLarge(items.stream())) {
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
    } catch (VppException failure) {
      items.forEach(item -> known.doubt(item.key()));
      loseUnlessRefused(failure);
      return Optional.of(failure.getMessage());
    }
  }

  /** Sends another content of an object that is there. */
  void replace(Item item) {
    if (lost.isPresent()) {
      return;
    }
    try {
      client.update(List.of(item));
      known.put(item);
    } catch (VppException failure) {
      LOG.warn("{}: {} not changed for now: {}", client.subject(), item, failure.getMessage());
      known.doubt(item.key());
      loseUnlessRefused(failure);
    }
  }

  /**
   * Updates; the caller keeps up what is known. The agent forgets an interface that runs when it
   * gets a value for it that it finds invalid, and then fails to make it a second time: such an
   * interface is deleted first.
   */
  void update(Collection<Item> items) throws VppException {
    try {
      client.update(items);
    } catch (VppException refusal) {
      List<Item> forgotten = forgotten(items, refusal);
      if (forgotten.isEmpty()) {
        throw refusal;
      }
      LOG.warn("{}: forgot what runs, made anew: {}", client.subject(), forgotten);
      client.delete(forgotten);
      client.update(items);
    }
  }

  private List<Item> forgotten(Collection<Item> items, VppException refusal) {
    return refusal.kind() != VppException.Kind.REFUSED
        ? List.of()
        : items.stream()
            .filter(item -> item.kind() == ItemKind.INTERFACE)
            .filter(item -> known.get(item.key()).isPresent())
            .filter(item -> existsAlready(item, refusal))
            .toList();
  }

  private static boolean existsAlready(Item item, VppException refusal) {
    return refusal.ofWhole(item).filter(KeyErrors::existsAlready).isPresent();
  }

  /** A refusal is an answer; anything else is none. */
  void loseUnlessRefused(VppException failure) {
    if (failure.kind() != VppException.Kind.REFUSED) {
      lost = Optional.of(failure);
    }
  }
}
