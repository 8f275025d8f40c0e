package io.vl3.prefixes;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.journal.Change;
import io.vl3.internal.journal.Journal;
import io.vl3.ipam.PrefixPool;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import io.vl3.time.Timer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which prefixes are given, and why. What is given is on the disk before anybody is told of it.
 * Thread-safe; calls do not block.
 */
final class PrefixLedger {

  /** How many prefixes may be given: a look at all of them has to stay cheap. */
  static final int MOST = 65_536;

  private static final Logger LOG = LoggerFactory.getLogger(PrefixLedger.class);

  private final CentralPrefixes.Settings settings;
  private final Optional<Journal> journal;
  private final Timer timer;
  private final PrefixPool pool;

  /** Guards what follows; for memory work, and to put changes into the journal's queue in order. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Map<IpPrefix, Holding> held = new HashMap<>();
  private final Map<Lessee, IpPrefix> leased = new HashMap<>();

  PrefixLedger(CentralPrefixes.Settings settings, Optional<Journal> journal, Timer timer) {
    this.settings = settings;
    this.journal = journal;
    this.timer = timer;
    this.pool = new PrefixPool(settings.pool());
    journal.ifPresent(kept -> kept.restored().forEach(this::restore));
  }

  /** A record that this version does not understand must not keep the server from starting. */
  private void restore(String key, String text) {
    try {
      IpPrefix prefix = IpPrefix.parse(key);
      Holding holding = Holding.restored(text, timer.instant().plus(settings.grace()));
      if (!pool.allocate(prefix)) {
        throw new IllegalArgumentException(
            "prefix: %s (expected: free in %s)".formatted(prefix, settings.pool()));
      }
      hold(prefix, holding);
    } catch (IllegalArgumentException unknown) {
      LOG.warn("journal: {}: left out", key, unknown);
    }
  }

  /** How many prefixes are given, those included that are awaited. */
  int size() {
    lock.lock();
    try {
      sweep();
      return held.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives a prefix for as long as a stream is open.
   *
   * @param wish the prefix of before: given if it is free or awaited, and no larger than others
   * @param avoiding what any other one shares no address with
   * @return fails with an {@link EndpointException}: EXHAUSTED, or UNAVAILABLE for the disk's sake
   */
  CompletionStage<IpPrefix> give(Optional<IpPrefix> wish, PrefixSet avoiding) {
    lock.lock();
    try {
      sweep();
      Optional<IpPrefix> wished = wish.filter(this::takeWish);
      IpPrefix prefix =
          wished.isPresent() ? wished.get() : allocate(settings.prefixLength(), avoiding);
      return keep(prefix, new Holding.Streamed());
    } catch (EndpointException refused) {
      return CompletableFuture.failedFuture(refused);
    } finally {
      lock.unlock();
    }
  }

  private boolean takeWish(IpPrefix wish) {
    return held.get(wish) instanceof Holding.Awaited
        || (wish.length() >= settings.prefixLength() && takeFree(wish));
  }

  private boolean takeFree(IpPrefix prefix) {
    return held.size() < MOST && pool.allocate(prefix);
  }

  /** A stream's prefix is given back. */
  void giveBack(IpPrefix prefix) {
    lock.lock();
    try {
      if (held.get(prefix) instanceof Holding.Streamed) {
        drop(prefix);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A stream broke: whoever had the prefix may ask for it again. */
  void await(IpPrefix prefix) {
    lock.lock();
    try {
      held.computeIfPresent(
          prefix,
          (key, holding) ->
              holding instanceof Holding.Streamed
                  ? new Holding.Awaited(timer.instant().plus(settings.grace()))
                  : holding);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Leases a prefix; who has one of that length keeps it.
   *
   * @return fails with an {@link EndpointException}: EXHAUSTED, or UNAVAILABLE for the disk's sake
   */
  CompletionStage<IpPrefix> lease(Lessee lessee, int length) {
    lock.lock();
    try {
      sweep();
      Optional<IpPrefix> former = Optional.ofNullable(leased.get(lessee));
      boolean fits = former.filter(prefix -> prefix.length() == length).isPresent();
      IpPrefix prefix = fits ? former.get() : allocate(length, PrefixSet.EMPTY);
      if (!fits) {
        former.ifPresent(this::drop);
      }
      return keep(prefix, new Holding.Leased(lessee, timer.instant().plus(settings.lease())));
    } catch (EndpointException refused) {
      return CompletableFuture.failedFuture(refused);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Renews a lease. One that is not known is granted if nobody has the prefix: it is of a server
   * that lost its memory.
   *
   * @return fails with an {@link EndpointException}: NOT_FOUND, or UNAVAILABLE for the disk's sake
   */
  CompletionStage<IpPrefix> renew(Lessee lessee, IpPrefix prefix) {
    lock.lock();
    try {
      sweep();
      if (!prefix.equals(leased.get(lessee)) && (leased.containsKey(lessee) || !takeFree(prefix))) {
        return CompletableFuture.failedFuture(
            new EndpointException(
                Reason.NOT_FOUND,
                "prefix: %s (expected: one that is leased to %s)"
                    .formatted(prefix, lessee.name())));
      }
      return keep(prefix, new Holding.Leased(lessee, timer.instant().plus(settings.lease())));
    } finally {
      lock.unlock();
    }
  }

  /** Ends a lease, if there is that one. */
  void end(Lessee lessee, IpPrefix prefix) {
    lock.lock();
    try {
      if (prefix.equals(leased.get(lessee))) {
        drop(prefix);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Cuts a prefix out of the pool; the lock is held. */
  private IpPrefix allocate(int length, PrefixSet avoiding) throws EndpointException {
    Optional<IpPrefix> free =
        held.size() < MOST ? pool.allocate(length, avoiding) : Optional.empty();
    return free.orElseThrow(
        () ->
            new EndpointException(
                Reason.EXHAUSTED,
                "pool %s: no /%d left beside the %d prefixes given"
                    .formatted(settings.pool(), length, held.size())));
  }

  /** Completes when it is on the disk; undone if it is not. The lock is held. */
  private CompletionStage<IpPrefix> keep(IpPrefix prefix, Holding holding) {
    Optional<Holding> before = Optional.ofNullable(held.get(prefix));
    hold(prefix, holding);
    String text = holding.toText();
    if (before.map(Holding::toText).equals(Optional.of(text))) {
      return CompletableFuture.completedFuture(prefix);
    }
    return append(Change.put(prefix.toString(), text))
        .handle(
            (written, failure) -> {
              if (failure == null) {
                return CompletableFuture.completedFuture(prefix);
              }
              undo(prefix, holding, before);
              return CompletableFuture.<IpPrefix>failedFuture(
                  new EndpointException(
                      Reason.UNAVAILABLE, "journal: not written [%s]".formatted(failure), failure));
            })
        .thenCompose(answer -> answer);
  }

  private void undo(IpPrefix prefix, Holding holding, Optional<Holding> before) {
    lock.lock();
    try {
      // Another may have come meanwhile; the journal writes all of it when the disk is back.
      if (held.get(prefix) == holding) {
        before.ifPresentOrElse(earlier -> hold(prefix, earlier), () -> drop(prefix));
      }
    } finally {
      lock.unlock();
    }
  }

  private CompletionStage<Void> append(Change change) {
    return journal
        .map(kept -> kept.append(List.of(change)))
        .orElse(CompletableFuture.completedFuture(null));
  }

  private void hold(IpPrefix prefix, Holding holding) {
    held.put(prefix, holding);
    if (holding instanceof Holding.Leased lease) {
      leased.put(lease.lessee(), prefix);
    }
  }

  private void drop(IpPrefix prefix) {
    if (held.remove(prefix) instanceof Holding.Leased lease) {
      leased.remove(lease.lessee());
    }
    pool.free(prefix);
    var unused = append(Change.remove(prefix.toString()));
  }

  private void sweep() {
    Instant now = timer.instant();
    held.entrySet().stream()
        .filter(entry -> entry.getValue().hasEnded(now))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(
            ended -> {
              LOG.info("{} is free: its NSE did not come back", ended);
              drop(ended);
            });
  }
}
