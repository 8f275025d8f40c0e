package io.vl3.nsm.internal.registry;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.Registry;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One watch of an {@link InMemoryRegistry}: a bounded queue, delivered to its listener in order by
 * one thread at a time. Everything but {@link #wake} is called under the registry's lock.
 */
final class RegistryWatch {

  /** How many changes may wait beyond what was there at the start. */
  static final int QUEUE = 1024;

  private final EndpointQuery query;
  private final Registry.Listener listener;
  private final Object lock;
  private final Executor executor;
  private final Queue<Consumer<Registry.Listener>> queue = new ArrayDeque<>();
  private int bound = QUEUE;
  private boolean draining;
  private boolean ended;

  RegistryWatch(EndpointQuery query, Registry.Listener listener, Object lock, Executor executor) {
    this.query = query;
    this.listener = listener;
    this.lock = lock;
    this.executor = executor;
  }

  void first(EndpointRecord endpoint) {
    queue.add(l -> l.onPresent(endpoint));
    bound++;
  }

  void synced() {
    queue.add(Registry.Listener::onSynced);
    bound++;
  }

  /**
   * A registration that is only refreshed is not shown again: that would be, in a network of n
   * endpoints, n times n messages for each round of refreshes.
   */
  void changed(Optional<EndpointRecord> before, EndpointRecord now, List<RegistryWatch> woken) {
    if (before.filter(now::isRefreshOf).isPresent()) {
      return;
    }
    if (query.matches(now)) {
      add(l -> l.onPresent(now), woken);
    } else {
      before.ifPresent(record -> gone(record, woken));
    }
  }

  void gone(EndpointRecord endpoint, List<RegistryWatch> woken) {
    if (query.matches(endpoint)) {
      add(l -> l.onGone(endpoint), woken);
    }
  }

  /** Ends the watch after what waits. */
  void end(String why) {
    if (!ended) {
      ended = true;
      queue.add(l -> l.onEnd(new EndpointException(Reason.UNAVAILABLE, why)));
    }
  }

  /** Ends the watch at once and silently. */
  void cancel() {
    ended = true;
    queue.clear();
  }

  /**
   * Sees to it that waiting events are delivered; where no thread takes work any more, none are.
   */
  void wake() {
    synchronized (lock) {
      if (draining || queue.isEmpty()) {
        return;
      }
      draining = true;
    }
    try {
      executor.execute(this::drain);
    } catch (RejectedExecutionException ending) {
      synchronized (lock) {
        cancel();
      }
    }
  }

  private void add(Consumer<Registry.Listener> event, List<RegistryWatch> woken) {
    if (ended) {
      return;
    }
    if (queue.size() >= bound) {
      queue.clear();
      end("watch: more than " + bound + " changes wait (expected: subscribe again)");
    } else {
      queue.add(event);
    }
    woken.add(this);
  }

  private void drain() {
    for (Consumer<Registry.Listener> event = take(); event != null; event = take()) {
      event.accept(listener);
    }
  }

  @Nullable
  private Consumer<Registry.Listener> take() {
    synchronized (lock) {
      Consumer<Registry.Listener> event = queue.poll();
      draining = event != null;
      return event;
    }
  }
}
