package io.vl3.registry;

import io.vl3.failure.EndpointException;
import java.util.List;
import java.util.Optional;

/**
 * A registry of network service endpoints. Thread-safe. Calls block and have the implementation's
 * own deadline; failures are {@link EndpointException}s, UNAVAILABLE while the registry is away.
 */
public interface Registry {

  /**
   * Registers an endpoint, or refreshes its registration.
   *
   * @return the registration: perhaps under another name, with expiry and first registration time
   */
  EndpointRecord register(EndpointRecord endpoint) throws EndpointException;

  /** Removes a registration; no error if there is none. */
  void unregister(EndpointRecord endpoint) throws EndpointException;

  /** The endpoints that match now. */
  List<EndpointRecord> find(EndpointQuery query) throws EndpointException;

  /**
   * Starts to watch: first what is there, then every change. A broken stream is reported by {@link
   * Listener#onEnd}, after which nothing comes: the watcher subscribes again, with back-off.
   */
  Subscription watch(EndpointQuery query, Listener listener);

  /** Registers a network service, or replaces it. */
  NetworkServiceRecord registerService(NetworkServiceRecord service) throws EndpointException;

  /** The network service of a name; empty if there is none. */
  Optional<NetworkServiceRecord> findService(String name) throws EndpointException;

  /** Removes a network service; no error if there is none. */
  void unregisterService(String name) throws EndpointException;

  /** A listener for changes. Called by one thread at a time; must not block. */
  interface Listener {

    /**
     * An endpoint was registered, or its registration changed. A registry may show mere refreshes
     * too (NSM's does).
     */
    void onPresent(EndpointRecord endpoint);

    /** An endpoint left, or its registration expired. */
    void onGone(EndpointRecord endpoint);

    /**
     * Everything that was there at the start has been reported, where the registry's API shows it.
     */
    default void onSynced() {}

    /** The stream broke and nothing more will come; not called after {@link Subscription#close}. */
    void onEnd(Throwable cause);
  }

  /** A watch that can be ended; idempotent. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
