package io.vl3.dataplane;

import io.vl3.dataplane.Attachment.KernelInterface;
import io.vl3.failure.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A data plane that interprets what it is told: it refuses an interface name that a network
 * namespace already has, keeps links by key, and shows its state as sorted text. Thread-safe, but
 * it fails when two calls overlap, as the contract forbids that.
 */
public final class FakeDataPlane implements DataPlane {

  private final Map<LinkKey, Link> links = new TreeMap<>(byText());
  private final Set<LinkKey> foreignOwn = new HashSet<>();
  private final Map<LinkKey, LinkOutcome.Failed> failing = new HashMap<>();
  private final List<List<LinkChange>> batches = new ArrayList<>();
  private int inside;
  private boolean closed;
  private boolean mends;
  private Runnable beforeApply = () -> {};

  private static Comparator<LinkKey> byText() {
    return Comparator.comparing(LinkKey::value);
  }

  @Override
  public List<LinkOutcome> apply(List<LinkChange> changes) {
    enter();
    try {
      hook().run();
      return interpret(changes);
    } finally {
      leave();
    }
  }

  @Override
  public synchronized Set<LinkKey> observe() {
    return Stream.concat(links.keySet().stream(), foreignOwn.stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public synchronized boolean mendsOnPut() {
    return mends;
  }

  /** From now on every put is wanted, also of a link that should be so already. */
  public synchronized void mendOnPut() {
    mends = true;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  /** Every change of the key fails from now on, until {@link #heal}. */
  public synchronized void fail(LinkKey key, Reason reason, String message) {
    failing.put(key, new LinkOutcome.Failed(reason, message));
  }

  /** Changes of the key work again. */
  public synchronized void heal(LinkKey key) {
    failing.remove(key);
  }

  /** Runs at the start of each apply, outside of locks: to block it, or to throw. */
  public synchronized void beforeApply(Runnable hook) {
    beforeApply = hook;
  }

  /** The agent dies: all links are gone, and nobody is told. */
  public synchronized void lose() {
    links.clear();
    foreignOwn.clear();
  }

  /** A link of an earlier life is found. */
  public synchronized void leftOver(LinkKey key) {
    foreignOwn.add(key);
  }

  /** How many links exist. */
  public synchronized int size() {
    return links.size() + foreignOwn.size();
  }

  /** What was sent, batch by batch. */
  public synchronized List<List<LinkChange>> batches() {
    return List.copyOf(batches);
  }

  /** How many changes were sent in all. */
  public synchronized int changes() {
    return batches.stream().mapToInt(List::size).sum();
  }

  /** Whether it was closed. */
  public synchronized boolean closed() {
    return closed;
  }

  /** One line per link end, sorted: {@code KEY side NETNS NAME addresses routes}. */
  public synchronized String state() {
    return links.values().stream()
        .flatMap(link -> Stream.of(line(link, "client"), line(link, "endpoint")))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private static String line(Link link, String side) {
    LinkEnd end = side.equals("client") ? link.client() : link.endpoint();
    return "%s %s %s addresses=%s routes=%s neighbours=%s mtu=%d"
        .formatted(
            link.key(),
            side,
            end.attachment(),
            end.addresses(),
            end.routes(),
            end.neighbours(),
            link.mtuBytes());
  }

  private synchronized Runnable hook() {
    return beforeApply;
  }

  private synchronized List<LinkOutcome> interpret(List<LinkChange> changes) {
    batches.add(List.copyOf(changes));
    refuseDuplicates(changes);
    return changes.stream().map(this::interpret).toList();
  }

  private LinkOutcome interpret(LinkChange change) {
    LinkOutcome.Failed failed = failing.get(change.key());
    if (failed != null) {
      return failed;
    }
    if (change instanceof LinkChange.Put put) {
      return put(put.link());
    }
    boolean existed = links.remove(change.key()) != null;
    return new LinkOutcome.Applied(foreignOwn.remove(change.key()) || existed, 0);
  }

  private LinkOutcome put(Link link) {
    for (Link other : links.values()) {
      if (!other.key().equals(link.key())
          && interfaces(other).anyMatch(interfacesOf(link)::contains)) {
        return new LinkOutcome.Failed(
            Reason.CONFLICT,
            "interface of %s: exists already (expected: a free name) [owned by %s]"
                .formatted(link.key(), other.key()));
      }
    }
    foreignOwn.remove(link.key());
    boolean changed = !link.equals(links.put(link.key(), link));
    return new LinkOutcome.Applied(changed, link.mtuBytes());
  }

  private static Set<KernelInterface> interfacesOf(Link link) {
    return interfaces(link).collect(Collectors.toSet());
  }

  private static Stream<KernelInterface> interfaces(Link link) {
    return Stream.of(link.client().attachment(), link.endpoint().attachment())
        .filter(KernelInterface.class::isInstance)
        .map(KernelInterface.class::cast);
  }

  private static void refuseDuplicates(List<LinkChange> changes) {
    Set<LinkKey> seen = new HashSet<>();
    for (LinkChange change : changes) {
      if (!seen.add(change.key())) {
        throw new AssertionError("changes: two for " + change.key() + " (expected: one per key)");
      }
    }
  }

  private synchronized void enter() {
    if (inside > 0) {
      throw new AssertionError("apply: called while another runs (expected: one call at a time)");
    }
    inside++;
  }

  private synchronized void leave() {
    inside--;
  }
}
