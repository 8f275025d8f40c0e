package io.vl3.registry;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A registry in memory, of one domain. Watchers are told in the thread that changes something. Can
 * be cut off, and can forget. Thread-safe.
 */
public final class FakeRegistry implements Registry {

  private final Timer timer;
  private final Map<String, EndpointRecord> endpoints = new TreeMap<>();
  private final Map<String, NetworkServiceRecord> services = new TreeMap<>();
  private final List<Watch> watches = new ArrayList<>();
  private boolean away;
  private int watchesOpened;

  /** An empty registry. */
  public FakeRegistry(Timer timer) {
    this.timer = timer;
  }

  @Override
  public synchronized EndpointRecord register(EndpointRecord endpoint) throws EndpointException {
    checkHere();
    Optional<EndpointRecord> before = Optional.ofNullable(endpoints.get(endpoint.name()));
    EndpointRecord registered =
        endpoint.withTimes(
            Optional.of(timer.instant().plus(Duration.ofMinutes(10))),
            before
                .flatMap(EndpointRecord::registered)
                .or(endpoint::registered)
                .or(() -> Optional.of(timer.instant())));
    endpoints.put(endpoint.name(), registered);
    forEachWatch(registered, listener -> listener.onPresent(registered));
    return registered;
  }

  @Override
  public synchronized void unregister(EndpointRecord endpoint) throws EndpointException {
    checkHere();
    EndpointRecord removed = endpoints.remove(endpoint.name());
    if (removed != null) {
      forEachWatch(removed, listener -> listener.onGone(removed));
    }
  }

  @Override
  public synchronized List<EndpointRecord> find(EndpointQuery query) throws EndpointException {
    checkHere();
    return endpoints.values().stream().filter(query::matches).toList();
  }

  @Override
  public synchronized Subscription watch(EndpointQuery query, Listener listener) {
    watchesOpened++;
    if (away) {
      listener.onEnd(unavailable());
      return () -> {};
    }
    Watch watch = new Watch(query, listener);
    watches.add(watch);
    endpoints.values().stream().filter(query::matches).forEach(listener::onPresent);
    listener.onSynced();
    return () -> remove(watch);
  }

  @Override
  public synchronized NetworkServiceRecord registerService(NetworkServiceRecord service)
      throws EndpointException {
    checkHere();
    services.put(service.name(), service);
    return service;
  }

  @Override
  public synchronized Optional<NetworkServiceRecord> findService(String name)
      throws EndpointException {
    checkHere();
    return Optional.ofNullable(services.get(name));
  }

  @Override
  public synchronized void unregisterService(String name) throws EndpointException {
    checkHere();
    services.remove(name);
  }

  /** Breaks every stream and refuses every call. */
  public synchronized void goAway() {
    away = true;
    List<Watch> broken = List.copyOf(watches);
    watches.clear();
    broken.forEach(watch -> watch.listener.onEnd(unavailable()));
  }

  /** Serves again, with what it knew. */
  public synchronized void comeBack() {
    away = false;
  }

  /** Loses an endpoint without telling anybody, as while it was away. */
  public synchronized void forget(String name) {
    endpoints.remove(name);
  }

  /** How many watches stand. */
  public synchronized int watching() {
    return watches.size();
  }

  /** How many times somebody began to watch. */
  public synchronized int watchesOpened() {
    return watchesOpened;
  }

  private synchronized void remove(Watch watch) {
    watches.remove(watch);
  }

  private void forEachWatch(EndpointRecord endpoint, Consumer<Listener> telling) {
    for (Watch watch : List.copyOf(watches)) {
      if (watch.query.matches(endpoint)) {
        telling.accept(watch.listener);
      }
    }
  }

  private void checkHere() throws EndpointException {
    if (away) {
      throw unavailable();
    }
  }

  private static EndpointException unavailable() {
    return new EndpointException(Reason.UNAVAILABLE, "registry: away");
  }

  private record Watch(EndpointQuery query, Listener listener) {}
}
