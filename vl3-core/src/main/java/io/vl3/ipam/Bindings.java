package io.vl3.ipam;

import io.vl3.connection.ConnectionId;
import io.vl3.endpoint.ConnectionHandle;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.journal.Change;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which workload has which parts of the own prefixes. A binding lives until its connection is
 * closed, and after a restart for a grace period until the workload asks again. If the workload
 * asks under another id of ours while the earlier one still stands, the binding goes over to it. A
 * workload that closed its connection and comes back has what it had, if nobody has it by then.
 *
 * <p>What is on the disk never says more than one owner of an address: a change is queued there
 * before what it gives back can be taken. Thread-safe, with one lock for memory work only.
 */
final class Bindings {

  private static final Logger LOG = LoggerFactory.getLogger(Bindings.class);
  private static final int MOST_FORMER = 4096;

  private final AddressBook book;
  private final NseState state;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<BindingKey, Entry> entries = new HashMap<>();

  /** How many of them a connection has. */
  private int held;

  /** Blocks that nobody has any more, and that rest. */
  private final Set<IpPrefix> resting = new HashSet<>();

  /**
   * The bindings of workloads that closed; a hint, which reserves nothing. The oldest are
   * forgotten.
   */
  private final Map<BindingKey, Binding> former =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<BindingKey, Binding> eldest) {
          return size() > MOST_FORMER;
        }
      };

  /** Takes what the state remembers out of the book, and forgets after a while what nobody asks. */
  Bindings(AddressBook book, NseState state) {
    this.book = book;
    this.state = state;
    state.formerRests().forEach(this::restAgain);
    state.formerBindings().forEach(this::restore);
    if (!entries.isEmpty()) {
      LOG.info("{} bindings of an earlier life kept for {}", entries.size(), state.grace());
      state.after(state.grace(), this::forgetUnclaimed);
    }
  }

  /**
   * Reserves a binding for one request, which ends it by {@link Claim#commit} or {@link
   * Claim#undo}.
   *
   * @param holder the connection
   * @throws EndpointException UNAVAILABLE while another request has it
   */
  Claim claim(BindingKey key, ConnectionHandle holder) throws EndpointException {
    Binding before;
    Binding wish;
    lock.lock();
    try {
      Entry entry = entries.computeIfAbsent(key, k -> new Entry());
      if (entry.busy) {
        throw new EndpointException(
            Reason.UNAVAILABLE,
            "connection: %s of %s (expected: one request of it at a time)"
                .formatted(key.id(), key.client()));
      }
      entry.busy = true;
      before = entry.binding;
      Binding had = former.remove(key);
      wish = had == null || !before.isNothing() ? Binding.NOTHING : had;
    } finally {
      lock.unlock();
    }
    return !wish.isNothing() && take(wish.all()).isEmpty()
        ? new Claim(this, key, holder, wish, bind(key, wish))
        : new Claim(this, key, holder, before);
  }

  /** The connection is closed; the binding ends unless it has gone over to another. */
  void release(BindingKey key, ConnectionId id) {
    Runnable then = () -> {};
    lock.lock();
    try {
      Entry entry = entries.get(key);
      if (entry != null && entry.isHeldBy(id)) {
        entry.holder = null;
        held--;
        entry.awaited |= state.isRetaining();
        then = settle(key, entry);
      }
    } finally {
      lock.unlock();
    }
    then.run();
  }

  /** How many workloads have something. */
  int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many bindings are a connection's. */
  int held() {
    lock.lock();
    try {
      return held;
    } finally {
      lock.unlock();
    }
  }

  /** The connections that have bindings; a snapshot. */
  List<ConnectionHandle> holders() {
    lock.lock();
    try {
      return entries.values().stream().flatMap(entry -> Stream.ofNullable(entry.holder)).toList();
    } finally {
      lock.unlock();
    }
  }

  /** The prefixes that nobody has any more and that are not given out yet. */
  PrefixSet resting() {
    lock.lock();
    try {
      return PrefixSet.of(resting);
    } finally {
      lock.unlock();
    }
  }

  /** Notes what a request under way gives; completes when that is on the disk. */
  CompletionStage<Void> bind(BindingKey key, Binding binding) {
    lock.lock();
    try {
      entryOf(key).binding = binding;
      return state.append(List.of(NseState.bound(key, binding)));
    } finally {
      lock.unlock();
    }
  }

  void committed(BindingKey key, ConnectionHandle holder, List<IpPrefix> replaced) {
    Runnable then;
    lock.lock();
    try {
      Entry entry = entryOf(key);
      entry.busy = false;
      entry.awaited = false;
      held += entry.holder == null ? 1 : 0;
      entry.holder = holder;
      then = giveBack(replaced, List.of());
    } finally {
      lock.unlock();
    }
    then.run();
  }

  void undone(BindingKey key, Binding before, List<IpPrefix> acquired) {
    Runnable then;
    lock.lock();
    try {
      Entry entry = entryOf(key);
      entry.busy = false;
      if (!entry.binding.equals(before)) {
        entry.binding = before;
        var unused = state.append(List.of(NseState.bound(key, before)));
      }
      then = settle(key, entry);
    } finally {
      lock.unlock();
    }
    acquired.forEach(book::free);
    then.run();
  }

  private Entry entryOf(BindingKey key) {
    Entry entry = entries.get(key);
    if (entry == null) {
      throw new IllegalStateException("binding: " + key + " (expected: one under a claim)");
    }
    return entry;
  }

  /**
   * Ends a binding that nobody has or is to come for.
   *
   * @return what to do once the lock is free
   */
  private Runnable settle(BindingKey key, Entry entry) {
    if (entry.busy || entry.holder != null || entry.awaited) {
      return () -> {};
    }
    entries.remove(key);
    if (!entry.binding.isNothing()) {
      former.put(key, entry.binding);
    }
    return entry.binding.isNothing()
        ? () -> {}
        : giveBack(entry.binding.all(), List.of(NseState.bound(key, Binding.NOTHING)));
  }

  /**
   * Queues for the disk that blocks are given back, after a rest if they have to.
   *
   * @return what to do once the lock is free
   */
  private Runnable giveBack(List<IpPrefix> blocks, List<Change> changes) {
    Optional<Instant> until = state.restUntil();
    List<Change> all = new ArrayList<>(changes);
    until.ifPresent(end -> resting.addAll(blocks));
    until.ifPresent(end -> blocks.forEach(block -> all.add(NseState.resting(block, end))));
    var unused = state.append(all);
    return until.isPresent()
        ? () -> state.after(state.rest(), () -> endRest(blocks))
        : () -> blocks.forEach(book::free);
  }

  private void endRest(List<IpPrefix> blocks) {
    var unused = state.append(blocks.stream().map(NseState::rested).toList());
    lock.lock();
    try {
      blocks.forEach(resting::remove);
    } finally {
      lock.unlock();
    }
    blocks.forEach(book::free);
  }

  private void restAgain(IpPrefix block, Instant until) {
    if (book.allocate(block)) {
      resting.add(block);
      state.after(state.until(until), () -> endRest(List.of(block)));
    } else {
      var unused = state.append(List.of(NseState.rested(block)));
    }
  }

  /** A binding that the exclusions of now stand against is dropped: its workload gets another. */
  private void restore(BindingKey key, Binding binding) {
    Optional<IpPrefix> refused = take(binding.all());
    if (refused.isPresent()) {
      LOG.info("binding of {} {}: {} is excluded now", key.client(), key.id(), refused.get());
      var unused = state.append(List.of(NseState.bound(key, Binding.NOTHING)));
      return;
    }
    Entry entry = new Entry();
    entry.binding = binding;
    entry.awaited = true;
    entries.put(key, entry);
  }

  /** Takes all of the blocks or none; the one that is not free, if there is one. */
  private Optional<IpPrefix> take(List<IpPrefix> blocks) {
    List<IpPrefix> taken = new ArrayList<>();
    for (IpPrefix block : blocks) {
      if (!book.allocate(block)) {
        taken.forEach(book::free);
        return Optional.of(block);
      }
      taken.add(block);
    }
    return Optional.empty();
  }

  private void forgetUnclaimed() {
    List<Runnable> then = new ArrayList<>();
    lock.lock();
    try {
      for (Map.Entry<BindingKey, Entry> each : List.copyOf(entries.entrySet())) {
        if (each.getValue().awaited && !state.isRetaining()) {
          each.getValue().awaited = false;
          then.add(settle(each.getKey(), each.getValue()));
        }
      }
    } finally {
      lock.unlock();
    }
    then.forEach(Runnable::run);
  }

  /** One workload's binding. Mutable; guarded by the lock. */
  private static final class Entry {

    private Binding binding = Binding.NOTHING;

    /** The connection that has it; none before and after. */
    private @Nullable ConnectionHandle holder;

    /** A request may be changing it. */
    private boolean busy;

    /** Kept, although nobody has it, for the workload that had it in an earlier life. */
    private boolean awaited;

    boolean isHeldBy(ConnectionId id) {
      return holder != null && holder.id().equals(id);
    }
  }
}
