package io.vl3.endpoint.element;

import io.vl3.connection.Caller;
import io.vl3.connection.ConnectionEvent;
import io.vl3.connection.ConnectionMonitor.Listener;
import io.vl3.connection.MonitorSelector;
import io.vl3.connection.PathSegment;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.memory.SharedMemory;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One who watches connections, with the events that it has not received yet. Thread-safe. */
final class Watcher {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionBoard.class);

  private final MonitorSelector selector;
  private final Optional<Caller> owner;
  private final Listener listener;
  private final Executor executor;
  private final int queueLimit;
  private final SharedMemory memory;

  /** Guarded by this, like all below. */
  private final Queue<Queued> queue = new ArrayDeque<>();

  private boolean delivering;
  private boolean overflown;
  private boolean ended;

  Watcher(
      MonitorSelector selector,
      Optional<Caller> owner,
      Listener listener,
      Executor executor,
      int queueLimit,
      SharedMemory memory) {
    this.selector = selector;
    this.owner = owner;
    this.listener = listener;
    this.executor = executor;
    this.queueLimit = queueLimit;
    this.memory = memory;
  }

  String firstId() {
    return selector.segments().stream()
        .map(PathSegment::id)
        .filter(id -> !id.isEmpty())
        .findFirst()
        .orElse("");
  }

  boolean wants(Posted posted) {
    return owner.map(posted.owner()::equals).orElse(true) && selector.matches(posted.connection());
  }

  /**
   * Queues an event; false if the watcher is too far behind and gets nothing more.
   *
   * @param bytes what the event keeps in memory
   */
  synchronized boolean offer(ConnectionEvent event, long bytes) {
    if (queue.size() >= queueLimit || !memory.take(this, bytes)) {
      clear();
      overflown = true;
      return false;
    }
    queue.add(new Queued(event, bytes));
    return true;
  }

  synchronized void end() {
    ended = true;
    clear();
  }

  /** Called with the lock. */
  private void clear() {
    memory.giveBack(this, queue.stream().mapToLong(Queued::bytes).sum());
    queue.clear();
  }

  /** Has the queued events delivered on the executor. */
  void deliver() {
    synchronized (this) {
      if (delivering || ended) {
        return;
      }
      delivering = true;
    }
    try {
      executor.execute(this::drain);
    } catch (RejectedExecutionException shutDown) {
      end(); // The owner of the executor is closing, and nobody is notified any more.
    }
  }

  private void drain() {
    for (Optional<ConnectionEvent> event = take(); event.isPresent(); event = take()) {
      tell(event.get());
    }
    if (isOverflown()) {
      tellOverflow();
    }
  }

  private synchronized Optional<ConnectionEvent> take() {
    Optional<Queued> next = Optional.ofNullable(queue.poll());
    delivering = next.isPresent();
    next.ifPresent(event -> memory.giveBack(this, event.bytes));
    return next.map(Queued::event);
  }

  private synchronized boolean isOverflown() {
    boolean now = overflown && !ended;
    ended = ended || overflown;
    return now;
  }

  private void tell(ConnectionEvent event) {
    try {
      listener.onEvent(event);
    } catch (RuntimeException fault) {
      LOG.error("connection watcher: failed on {}", event.type(), fault);
    }
  }

  private void tellOverflow() {
    listener.onEnd(
        new EndpointException(
            Reason.UNAVAILABLE,
            "connection watcher: %d events behind, or too large ones (expected: fewer) [subscribe again]"
                .formatted(queueLimit)));
  }

  private record Queued(ConnectionEvent event, long bytes) {}
}
