package io.vl3.dataplane;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.log.RequestLog;
import io.vl3.net.IpAddress;
import io.vl3.time.Deadline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wanted links of a data plane, and the one place that compares them with what was programmed:
 * only what changed is sent. Changes that arrive while a batch is under way share the next one; one
 * of those who wait sends it for all.
 *
 * <p>Thread-safe. Calls block until the data plane has answered for the link, or the deadline has
 * passed. The data plane is called by one thread at a time, outside of the lock.
 */
public final class LinkProgram {

  private static final Logger LOG = LoggerFactory.getLogger(LinkProgram.class);

  /** How many links are sent again at once. */
  private static final int MENDED_AT_ONCE = 50;

  private static final LinkOutcome.Applied NOTHING_TO_DO = new LinkOutcome.Applied(false, 0);

  private final DataPlane dataPlane;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();

  /** Guarded by lock, like all below. */
  private final Map<LinkKey, Entry> wanted = new HashMap<>();

  private final Map<LinkKey, Change> pending = new LinkedHashMap<>();
  private final Set<LinkKey> inFlight = new HashSet<>();
  private final Set<LinkKey> unremoved = new HashSet<>();
  private boolean busy;

  /** A program without links for a data plane, which stays the caller's to close. */
  public LinkProgram(DataPlane dataPlane) {
    this.dataPlane = dataPlane;
  }

  /**
   * The link shall be so. One that is so already sends nothing, unless the data plane mends on put.
   *
   * @return what the data plane did
   * @throws EndpointException the data plane's reason, and the link stays as it was; DEADLINE if
   *     time ran out, and the link may yet come
   */
  public LinkOutcome.Applied put(Link link, Deadline deadline) throws EndpointException {
    lock.lock();
    try {
      Entry entry = wanted.get(link.key());
      boolean asBefore = entry != null && entry.link.equals(link) && isQuiet(link.key());
      if (entry != null && asBefore && !dataPlane.mendsOnPut()) {
        return new LinkOutcome.Applied(false, entry.mtuBytes);
      }
      return await(enqueue(new LinkChange.Put(link)), deadline);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The link shall not be. The data plane is asked even for a link that was never put: it may be
   * one of an earlier life.
   *
   * @throws EndpointException the data plane's reason; the link is no longer wanted, and its
   *     removal is repeated with the leftovers'; DEADLINE if time ran out, and the link is removed
   *     as soon as the data plane takes changes again
   */
  public void remove(LinkKey key, Deadline deadline) throws EndpointException {
    lock.lock();
    try {
      await(enqueue(new LinkChange.Remove(key)), deadline);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Links with our tag that exist and that nobody wants: left over from an earlier life, or not yet
   * asked for again.
   *
   * @throws EndpointException DEADLINE if the data plane was busy too long
   */
  public Set<LinkKey> leftovers(Deadline deadline) throws EndpointException {
    lock.lock();
    try {
      takeTurn(deadline);
      Set<LinkKey> found;
      lock.unlock();
      try {
        found = new HashSet<>(dataPlane.observe());
      } finally {
        lock.lock();
        endTurn();
      }
      found.addAll(unremoved);
      found.removeIf(this::isWanted);
      return Set.copyOf(found);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Removes those of the links that nobody wants by now.
   *
   * @return what became of each that was removed
   * @throws EndpointException DEADLINE if time ran out
   */
  public Map<LinkKey, LinkOutcome> removeUnwanted(Set<LinkKey> keys, Deadline deadline)
      throws EndpointException {
    lock.lock();
    try {
      List<Change> changes = new ArrayList<>();
      for (LinkKey key : keys) {
        if (!isWanted(key)) {
          changes.add(enqueue(new LinkChange.Remove(key)));
        }
      }
      Map<LinkKey, LinkOutcome> outcomes = new LinkedHashMap<>();
      for (Change change : changes) {
        outcomes.put(change.key(), awaitOutcome(change, deadline));
      }
      return outcomes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends every wanted link again, if the data plane mends on put, a few at a time, so that nobody
   * waits long meanwhile. A link that cannot be mended is left to whoever asks for it.
   *
   * @return the titles of those in which something was amiss
   * @throws EndpointException DEADLINE if time ran out
   */
  public List<String> mend(Deadline deadline) throws EndpointException {
    List<String> mended = new ArrayList<>();
    if (dataPlane.mendsOnPut()) {
      List<Link> all = links();
      for (int from = 0; from < all.size(); from += MENDED_AT_ONCE) {
        List<Link> some = all.subList(from, Math.min(from + MENDED_AT_ONCE, all.size()));
        mended.addAll(mend(some, deadline));
      }
    }
    return mended;
  }

  private List<String> mend(List<Link> links, Deadline deadline) throws EndpointException {
    List<String> mended = new ArrayList<>();
    lock.lock();
    try {
      Map<Link, Change> changes = new LinkedHashMap<>();
      for (Link link : links) {
        Entry entry = wanted.get(link.key());
        if (entry != null && entry.link.equals(link) && isQuiet(link.key())) {
          changes.put(link, enqueue(new LinkChange.Put(link)));
        }
      }
      for (Map.Entry<Link, Change> each : changes.entrySet()) {
        LinkOutcome outcome = awaitOutcome(each.getValue(), deadline);
        if (outcome instanceof LinkOutcome.Applied applied && applied.changed()) {
          mended.add(each.getKey().title());
        }
      }
    } finally {
      lock.unlock();
    }
    return mended;
  }

  /** As {@link DataPlane#tunnelMtuBytes}, without a turn; empty if the data plane fails. */
  public OptionalInt tunnelMtuBytes(IpAddress local) {
    try {
      return dataPlane.tunnelMtuBytes(local);
    } catch (RuntimeException failure) {
      LOG.warn("tunnels from {}: their MTU was not found out", local, failure);
      return OptionalInt.empty();
    }
  }

  /** How many links are wanted. */
  public int size() {
    lock.lock();
    try {
      return wanted.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the removal of a link failed and waits to be repeated. */
  public boolean isUnremoved(LinkKey key) {
    lock.lock();
    try {
      return unremoved.contains(key);
    } finally {
      lock.unlock();
    }
  }

  /** How many removals failed and wait to be repeated. */
  public int unremoved() {
    lock.lock();
    try {
      return unremoved.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many changes wait for the next batch. */
  public int waiting() {
    lock.lock();
    try {
      return pending.size();
    } finally {
      lock.unlock();
    }
  }

  /** The wanted links; a snapshot. */
  public List<Link> links() {
    lock.lock();
    try {
      return wanted.values().stream().map(entry -> entry.link).toList();
    } finally {
      lock.unlock();
    }
  }

  private boolean isWanted(LinkKey key) {
    return wanted.containsKey(key) || !isQuiet(key);
  }

  private boolean isQuiet(LinkKey key) {
    return !pending.containsKey(key) && !inFlight.contains(key);
  }

  /** A newer change of a key takes the place of one that waits; both get the newer's outcome. */
  private Change enqueue(LinkChange what) {
    Change waiting = pending.computeIfAbsent(what.key(), key -> new Change(what));
    waiting.what = what;
    return waiting;
  }

  private LinkOutcome.Applied await(Change change, Deadline deadline) throws EndpointException {
    LinkOutcome outcome = awaitOutcome(change, deadline);
    if (outcome instanceof LinkOutcome.Failed failed) {
      throw new EndpointException(failed.reason(), failed.message());
    }
    return outcome instanceof LinkOutcome.Applied applied ? applied : NOTHING_TO_DO;
  }

  private LinkOutcome awaitOutcome(Change change, Deadline deadline) throws EndpointException {
    change.waiters++;
    try {
      while (change.outcome.isEmpty()) {
        if (busy) {
          awaitSettled(change, deadline);
        } else {
          sendBatches();
        }
      }
      return change.outcome.get();
    } finally {
      change.waiters--;
    }
  }

  private void takeTurn(Deadline deadline) throws EndpointException {
    while (busy) {
      awaitTurn(deadline, "data plane");
    }
    busy = true;
  }

  private void endTurn() {
    busy = false;
    settled.signalAll();
  }

  private void awaitSettled(Change change, Deadline deadline) throws EndpointException {
    try {
      awaitTurn(deadline, "link " + change.key());
    } catch (EndpointException late) {
      // A put that nobody waits for is not sent any more. A removal is: nobody would know of the
      // link.
      if (change.waiters == 1 && change.what instanceof LinkChange.Put) {
        pending.remove(change.key(), change);
      }
      throw late;
    }
  }

  @SuppressWarnings("WaitNotInLoop") // both callers loop over what they wait for
  private void awaitTurn(Deadline deadline, String subject) throws EndpointException {
    try {
      if (settled.awaitNanos(deadline.remaining().toNanos()) <= 0 && deadline.passed()) {
        throw new EndpointException(
            Reason.DEADLINE, subject + ": not answered (expected: within the request's time)");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new EndpointException(Reason.CANCELLED, subject + ": interrupted", interrupted);
    }
  }

  /** Sends what waits, and then, in place of those who gave up, what nobody waits for. */
  private void sendBatches() {
    do {
      sendBatch();
    } while (pending.values().stream().anyMatch(change -> change.waiters == 0));
  }

  /** Takes everything that waits and sends it, without the lock. */
  @SuppressWarnings("try") // it is only held
  private void sendBatch() {
    List<Change> batch = List.copyOf(pending.values());
    pending.clear();
    batch.forEach(change -> inFlight.add(change.key()));
    busy = true;
    lock.unlock();
    List<LinkOutcome> outcomes;
    try (RequestLog lines = RequestLog.ofSeveral()) {
      outcomes = apply(batch.stream().map(change -> change.what).toList());
    } finally {
      lock.lock();
    }
    for (int i = 0; i < batch.size(); i++) {
      settle(batch.get(i), outcomes.get(i));
    }
    endTurn();
  }

  private List<LinkOutcome> apply(List<LinkChange> changes) {
    try {
      List<LinkOutcome> outcomes = dataPlane.apply(changes);
      if (outcomes.size() == changes.size()) {
        return outcomes;
      }
      return allFailed(
          changes,
          "data plane: %d outcomes (expected: %d)".formatted(outcomes.size(), changes.size()));
    } catch (RuntimeException | Error fault) {
      // Everybody who waits for a change must hear of it, not only the thread that sends.
      LOG.error("data plane: failed on a batch of {} changes", changes.size(), fault);
      return allFailed(changes, "data plane: " + fault);
    }
  }

  private static List<LinkOutcome> allFailed(List<LinkChange> changes, String message) {
    return changes.stream()
        .<LinkOutcome>map(change -> new LinkOutcome.Failed(Reason.INTERNAL, message))
        .toList();
  }

  private void settle(Change change, LinkOutcome outcome) {
    inFlight.remove(change.key());
    if (change.what instanceof LinkChange.Put put) {
      settlePut(put.link(), outcome);
    } else {
      settleRemove(change.key(), outcome);
    }
    change.done(outcome);
  }

  private void settlePut(Link link, LinkOutcome outcome) {
    if (outcome instanceof LinkOutcome.Applied applied) {
      wanted.put(link.key(), new Entry(link, applied.mtuBytes()));
      unremoved.remove(link.key());
    }
  }

  private void settleRemove(LinkKey key, LinkOutcome outcome) {
    wanted.remove(key);
    if (outcome instanceof LinkOutcome.Failed) {
      unremoved.add(key);
    } else {
      unremoved.remove(key);
    }
  }

  /** A wanted link, and the MTU that the data plane gave it. */
  private record Entry(Link link, int mtuBytes) {}

  /** A change that waits or is being sent. */
  private static final class Change {
    private LinkChange what;
    private int waiters;
    private Optional<LinkOutcome> outcome = Optional.empty();

    Change(LinkChange what) {
      this.what = what;
    }

    LinkKey key() {
      return what.key();
    }

    void done(LinkOutcome result) {
      outcome = Optional.of(result);
    }
  }
}
