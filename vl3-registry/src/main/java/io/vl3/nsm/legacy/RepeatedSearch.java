package io.vl3.nsm.legacy;

import io.vl3.failure.EndpointException;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.Registry;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

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

  /** Touched by one search at a time only. */
  private Map<String, EndpointRecord> told = new TreeMap<>();

  private boolean synced;

  /** Guarded by this, like all below. */
  private Timer.Cancellable next = () -> {};

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
   * @param interval from the end of a search to the next
   * @param executor where searches run
   */
  static RepeatedSearch start(
      Search search,
      Registry.Listener listener,
      Duration interval,
      Timer timer,
      Executor executor) {
    RepeatedSearch watch = new RepeatedSearch(search, listener, interval, timer, executor);
    watch.begin();
    return watch;
  }

  @Override
  public synchronized void close() {
    closed = true;
    next.cancel();
  }

  private void begin() {
    try {
      executor.execute(this::look);
    } catch (RejectedExecutionException shutDown) {
      close();
    }
  }

  private void look() {
    List<EndpointRecord> found;
    try {
      found = search.run();
    } catch (EndpointException | RuntimeException failure) {
      if (end()) {
        listener.onEnd(failure);
      }
      return;
    }
    if (!isClosed()) {
      tell(found);
      goOn();
    }
  }

  private void tell(List<EndpointRecord> found) {
    Map<String, EndpointRecord> now = new TreeMap<>();
    found.forEach(endpoint -> now.put(endpoint.name(), endpoint));
    Map<String, EndpointRecord> before = told;
    told = now;
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
    if (!synced) {
      synced = true;
      listener.onSynced();
    }
  }

  private synchronized void goOn() {
    if (!closed) {
      next = timer.after(interval, this::begin);
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Whether it was still wanted. */
  private synchronized boolean end() {
    boolean wanted = !closed;
    closed = true;
    return wanted;
  }
}
