package io.vl3.connection;

/** A stream of what happens to connections. Implementations are thread-safe. */
public interface ConnectionMonitor {

  /**
   * Starts to watch. The first event is always an {@link
   * ConnectionEvent.Type#INITIAL_STATE_TRANSFER}, perhaps of nothing.
   *
   * @return ends the watch when closed, after which the listener is not called; idempotent
   */
  Subscription monitor(MonitorSelector selector, Listener listener);

  /** A receiver of events. Called by one thread at a time; must not block. */
  interface Listener {

    /** Something happened. */
    void onEvent(ConnectionEvent event);

    /** The stream broke and nothing more will come; not called after {@link Subscription#close}. */
    void onEnd(Throwable cause);
  }

  /** A watch that can be ended. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
