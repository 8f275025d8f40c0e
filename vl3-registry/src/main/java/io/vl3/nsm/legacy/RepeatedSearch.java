package io.vl3.nsm.legacy;

import io.vl3.failure.EndpointException;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.Registry;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;

/**
 * A watch of a registry that has none: searches again and again and tells what has changed. Ends,
 * as a stream that breaks, with the first search that fails. Thread-safe; nothing foreign is called
 * under the lock but the timer.
 */
final class RepeatedSearch implements Registry.Subscription {

  private final Search search;
  private final Registry.Listener listener;
  private final Duration interval;
  private final Timer timer;
  private final Executor executor;

  /** Written by one search at a time only. */
  private volatile Map<String, EndpointRecord> told = Map.of();

  private boolean synced;

  /** Guarded by this, like all below. */
  private Timer.Cancellable next = () -> {};

  /** Completes with the search that begins next. */
  private CompletableFuture<Void> upcoming = new CompletableFuture<>();

  private boolean searching;
  private boolean hurried;
  private boolean closed;

  private RepeatedSearch(
      Search search,
      Registry.Listener listener,
      Duration interval,
      Timer timer,
      Executor executor) {
    this.search = search;
    this.listener = listener;
    this.interval = interval;
    this.timer = timer;
    this.executor = executor;
  }

  /** One search, which blocks. */
  @FunctionalInterface
  interface Search {
    List<EndpointRecord> run() throws EndpointException;
  }

  /**
   * Searches at once, and again after each interval.
   *
   * @param known what the listener knows, of which it is told when it is not found
   * @param interval from the end of a search to the next
   * @param executor where searches run
   */
  static RepeatedSearch start(
      Search search,
      List<EndpointRecord> known,
      Registry.Listener listener,
      Duration interval,
      Timer timer,
      Executor executor) {
    RepeatedSearch watch = new RepeatedSearch(search, listener, interval, timer, executor);
    watch.told = byName(known);
    watch.begin();
    return watch;
  }

  @Override
  public synchronized void close() {
    closed = true;
    next.cancel();
    upcoming.complete(null);
  }

  /**
   * Searches now, at most once at a time.
   *
   * @return completes when the listener knows what a search has found that begins from now on, and
   *     when this has ended
   */
  CompletableFuture<Void> hurry() {
    CompletableFuture<Void> told;
    synchronized (this) {
      told = upcoming;
      if (closed || searching) {
        hurried = true;
        return told;
      }
    }
    begin();
    return told;
  }

  /** Whether the listener knows an endpoint. */
  boolean hasTold(Predicate<EndpointRecord> endpoint) {
    return told.values().stream().anyMatch(endpoint);
  }

  private void begin() {
    synchronized (this) {
      if (closed || searching) {
        return;
      }
      searching = true;
      next.cancel();
    }
    try {
      executor.execute(this::look);
    } catch (RejectedExecutionException shutDown) {
      close();
    }
  }

  private void look() {
    CompletableFuture<Void> mine = take();
    List<EndpointRecord> found;
    try {
      found = search.run();
    } catch (EndpointException | RuntimeException failure) {
      if (end()) {
        listener.onEnd(failure);
      }
      mine.complete(null);
      return;
    }
    if (!isClosed()) {
      tell(found);
    }
    mine.complete(null);
    goOn();
  }

  private synchronized CompletableFuture<Void> take() {
    CompletableFuture<Void> mine = upcoming;
    hurried = false;
    if (!closed) {
      upcoming = new CompletableFuture<>();
    }
    return mine;
  }

  private void tell(List<EndpointRecord> found) {
    Map<String, EndpointRecord> now = byName(found);
    Map<String, EndpointRecord> before = told;
    before.forEach(
        (name, endpoint) -> {
          if (!now.containsKey(name)) {
            listener.onGone(endpoint);
          }
        });
    now.forEach(
        (name, endpoint) -> {
          if (!endpoint.equals(before.get(name))) {
            listener.onPresent(endpoint);
          }
        });
    told = now;
    if (!synced) {
      synced = true;
      listener.onSynced();
    }
  }

  private static Map<String, EndpointRecord> byName(List<EndpointRecord> endpoints) {
    Map<String, EndpointRecord> all = new TreeMap<>();
    endpoints.forEach(endpoint -> all.put(endpoint.name(), endpoint));
    return all;
  }

  private void goOn() {
    synchronized (this) {
      searching = false;
      if (closed) {
        return;
      }
      if (!hurried) {
        next = timer.after(interval, this::begin);
        return;
      }
    }
    begin();
  }

  /** Whether it has ended. */
  synchronized boolean isClosed() {
    return closed;
  }

  /** Whether it was still wanted. */
  private synchronized boolean end() {
    boolean wanted = !closed;
    close();
    return wanted;
  }
}
