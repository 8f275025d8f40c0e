package io.vl3.nsm.internal.registry;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.memory.SharedMemory;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.Registry;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/**
 * A registry that lives in this process. Registrations expire unless refreshed; a name belongs to
 * whoever took it first, and another caller is given a changed name. Names and services of another
 * domain, {@code x@domain}, are looked up there, and what is found comes back as {@code
 * name@domain}.
 *
 * <p>Thread-safe. Only calls for another domain block. Watchers are notified on the executor.
 */
public final class InMemoryRegistry implements Registry, AutoCloseable {

  /** How long a registration lasts unless it asks for less. */
  public static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(1);

  /** Which part of the heap entries may take: one in 4. */
  private static final int HEAP_PARTS = 4;

  /** The name of the bound on memory for network services. */
  private static final String SERVICES = "network services";

  private final Timer timer;
  private final Executor executor;
  private final Duration lifetime;
  private final RemoteDomains domains;

  /** Guards what follows; memory work only. That of the shared memory is taken inside of it. */
  private final Object lock = new Object();

  private final SharedMemory memory;
  private final Map<String, Registration> endpoints = new TreeMap<>();
  private final FormerOwners formerOwners = new FormerOwners();
  private final SignedOff signedOff = new SignedOff();
  private final Map<String, NetworkServiceRecord> services = new TreeMap<>();
  private final Set<RegistryWatch> watches = new LinkedHashSet<>();

  /**
   * An empty registry.
   *
   * @param timer the clock of expiry
   * @param executor where watchers are notified
   * @param lifetime how long a registration lasts at most; positive
   * @param domains other domains
   */
  public InMemoryRegistry(
      Timer timer, Executor executor, Duration lifetime, RemoteDomains domains) {
    this(timer, executor, lifetime, domains, SharedMemory.ofHeap(HEAP_PARTS));
  }

  /**
   * An empty registry.
   *
   * @param memory what its entries may take of memory; shared by their owners
   */
  InMemoryRegistry(
      Timer timer,
      Executor executor,
      Duration lifetime,
      RemoteDomains domains,
      SharedMemory memory) {
    if (lifetime.isNegative() || lifetime.isZero()) {
      throw new IllegalArgumentException("lifetime: " + lifetime + " (expected: positive)");
    }
    this.timer = timer;
    this.executor = executor;
    this.lifetime = lifetime;
    this.domains = domains;
    this.memory = memory;
  }

  @Override
  public EndpointRecord register(EndpointRecord endpoint) throws EndpointException {
    check(endpoint);
    List<RegistryWatch> woken = new ArrayList<>();
    EndpointRecord granted;
    synchronized (lock) {
      checkProven(endpoint);
      granted = grant(endpoint.withName(freeName(endpoint)));
      charge(granted);
      Optional<EndpointRecord> before = replace(granted);
      formerOwners.forget(granted.name());
      signedOff.forget(granted.name());
      watches.forEach(watch -> watch.changed(before, granted, woken));
    }
    woken.forEach(RegistryWatch::wake);
    return granted;
  }

  @Override
  public void unregister(EndpointRecord endpoint) throws EndpointException {
    List<RegistryWatch> woken = new ArrayList<>();
    synchronized (lock) {
      Registration held = endpoints.get(endpoint.name());
      if (held == null) {
        giveBack(endpoint);
        return;
      }
      if (!sameOwner(held.record, endpoint)) {
        throw new EndpointException(
            Reason.DENIED, "endpoint: " + endpoint.name() + " (expected: one of your own)");
      }
      held.expiry.cancel();
      remove(held, woken);
      signedOff.add(endpoint.name());
    }
    woken.forEach(RegistryWatch::wake);
  }

  /** Whether an endpoint has unregistered itself, and not registered again. */
  public boolean hasSignedOff(String name) {
    synchronized (lock) {
      return signedOff.has(name);
    }
  }

  @Override
  public List<EndpointRecord> find(EndpointQuery query) throws EndpointException {
    RemoteQuery remote = RemoteQuery.of(query);
    if (remote.remote()) {
      List<EndpointRecord> found = domains.registry(remote.domain()).find(remote.query());
      return found.stream().map(remote::named).toList();
    }
    synchronized (lock) {
      return endpoints.values().stream().map(Registration::record).filter(query::matches).toList();
    }
  }

  @Override
  public Subscription watch(EndpointQuery query, Listener listener) {
    try {
      RemoteQuery remote = RemoteQuery.of(query);
      return remote.remote()
          ? domains.registry(remote.domain()).watch(remote.query(), remote.named(listener))
          : watchHere(query, listener);
    } catch (EndpointException refused) {
      executor.execute(() -> listener.onEnd(refused));
      return () -> {};
    }
  }

  @Override
  public NetworkServiceRecord registerService(NetworkServiceRecord service)
      throws EndpointException {
    if (service.name().isBlank() || service.name().contains("@")) {
      throw new EndpointException(
          Reason.INVALID, "network service: '" + service.name() + "' (expected: a name without @)");
    }
    synchronized (lock) {
      NetworkServiceRecord before = services.get(service.name());
      take(
          SERVICES,
          RecordWeight.of(service) - (before == null ? 0 : RecordWeight.of(before)),
          "network service: " + service.name());
      services.put(service.name(), service);
    }
    return service;
  }

  @Override
  public void unregisterService(String name) {
    synchronized (lock) {
      NetworkServiceRecord gone = services.remove(name);
      if (gone != null) {
        memory.giveBack(SERVICES, RecordWeight.of(gone));
      }
    }
  }

  @Override
  public Optional<NetworkServiceRecord> findService(String name) {
    synchronized (lock) {
      return Optional.ofNullable(services.get(name));
    }
  }

  /** Every network service, by name. */
  public List<NetworkServiceRecord> services() {
    synchronized (lock) {
      return List.copyOf(services.values());
    }
  }

  /** How many endpoints are registered. */
  public int size() {
    synchronized (lock) {
      return endpoints.size();
    }
  }

  /** How many bytes the entries are taken to use. */
  long usedBytes() {
    return memory.used();
  }

  /** How many watches are open. */
  public int watchers() {
    synchronized (lock) {
      return watches.size();
    }
  }

  /** Forgets everything and ends every watch, which says to subscribe again; idempotent. */
  @Override
  public void close() {
    List<RegistryWatch> ended;
    synchronized (lock) {
      endpoints.values().forEach(registration -> registration.expiry.cancel());
      endpoints.values().forEach(registration -> giveBack(registration));
      endpoints.clear();
      formerOwners.clear();
      signedOff.clear();
      services.values().forEach(gone -> memory.giveBack(SERVICES, RecordWeight.of(gone)));
      services.clear();
      ended = List.copyOf(watches);
      watches.clear();
      ended.forEach(watch -> watch.end("registry: closed (expected: subscribe again)"));
    }
    ended.forEach(RegistryWatch::wake);
  }

  private Subscription watchHere(EndpointQuery query, Listener listener) {
    RegistryWatch watch = new RegistryWatch(query, listener, lock, executor);
    synchronized (lock) {
      endpoints.values().stream()
          .map(Registration::record)
          .filter(query::matches)
          .forEach(watch::first);
      watch.synced();
      watches.add(watch);
    }
    watch.wake();
    return () -> {
      synchronized (lock) {
        watch.cancel();
        watches.remove(watch);
      }
    };
  }

  private static void check(EndpointRecord endpoint) throws EndpointException {
    if (endpoint.name().isBlank() || endpoint.name().contains("@")) {
      throw new EndpointException(
          Reason.INVALID, "endpoint: '" + endpoint.name() + "' (expected: a name without @)");
    }
    if (endpoint.services().isEmpty()) {
      throw new EndpointException(
          Reason.INVALID,
          "network_service_names: none (expected: at least one) [endpoint "
              + endpoint.name()
              + "]");
    }
  }

  /**
   * A caller that has proven an identity is told that the name is another's, as NSM's registries
   * do.
   */
  private void checkProven(EndpointRecord endpoint) throws EndpointException {
    Registration held = endpoints.get(endpoint.name());
    Optional<String> owner = held == null ? formerOwners.of(endpoint.name()) : held.record.owner();
    boolean taken = held != null || owner.isPresent();
    if (taken
        && endpoint.owner().filter(FormerOwners::isProven).isPresent()
        && !owner.equals(endpoint.owner())) {
      throw new EndpointException(
          Reason.DENIED,
          "endpoint: %s (expected: a free name, or one of your own) [no sufficient privileges: it belongs to %s]"
              .formatted(endpoint.name(), owner.orElse("nobody")));
    }
  }

  /** A refresh pays the difference. */
  private void charge(EndpointRecord granted) throws EndpointException {
    Registration before = endpoints.get(granted.name());
    take(
        granted.owner().orElse(""),
        RecordWeight.of(granted) - (before == null ? 0 : RecordWeight.of(before.record)),
        "endpoint: " + granted.name());
  }

  private void take(String owner, long bytes, String what) throws EndpointException {
    if (!memory.take(owner, bytes)) {
      throw new EndpointException(
          Reason.EXHAUSTED,
          "%s: %d bytes more (expected: all of one owner's in %d KiB) [registry]"
              .formatted(what, bytes, memory.mostEach() / 1024));
    }
  }

  private void giveBack(Registration gone) {
    memory.giveBack(gone.record.owner().orElse(""), RecordWeight.of(gone.record));
  }

  private void giveBack(EndpointRecord expired) {
    if (formerOwners.of(expired.name()).equals(expired.owner())) {
      formerOwners.forget(expired.name());
    }
  }

  /** The asked name, or the first of {@code name-1}, {@code name-2}, ... that nobody else holds. */
  private String freeName(EndpointRecord endpoint) {
    String name = endpoint.name();
    for (int n = 1; isHeldByAnother(name, endpoint); n++) {
      name = endpoint.name() + "-" + n;
    }
    return name;
  }

  private boolean isHeldByAnother(String name, EndpointRecord endpoint) {
    Registration held = endpoints.get(name);
    return held != null && !(sameOwner(held.record, endpoint) && isSame(held.record, endpoint));
  }

  /** One owner may run two endpoints that chose one name: place and birth tell them apart. */
  private static boolean isSame(EndpointRecord held, EndpointRecord asking) {
    return held.url().equals(asking.url())
        || (asking.registered().isPresent() && asking.registered().equals(held.registered()));
  }

  private static boolean sameOwner(EndpointRecord held, EndpointRecord asking) {
    return held.owner().equals(asking.owner());
  }

  private EndpointRecord grant(EndpointRecord asked) {
    Instant now = timer.instant();
    Instant latest = now.plus(lifetime);
    Optional<EndpointRecord> held =
        Optional.ofNullable(endpoints.get(asked.name())).map(Registration::record);
    Instant expires =
        asked.expires().filter(at -> at.isAfter(now) && at.isBefore(latest)).orElse(latest);
    Instant registered =
        held.flatMap(EndpointRecord::registered)
            .or(() -> asked.registered().filter(at -> !at.isAfter(now)))
            .orElse(now);
    return asked.withTimes(Optional.of(expires), Optional.of(registered));
  }

  private Optional<EndpointRecord> replace(EndpointRecord granted) {
    Duration life = Duration.between(timer.instant(), granted.expires().orElseThrow());
    Registration entry = new Registration(granted);
    entry.expiry = timer.after(life, () -> expire(entry));
    Registration before = endpoints.put(granted.name(), entry);
    if (before == null) {
      return Optional.empty();
    }
    before.expiry.cancel();
    return Optional.of(before.record);
  }

  private void expire(Registration entry) {
    List<RegistryWatch> woken = new ArrayList<>();
    synchronized (lock) {
      if (endpoints.get(entry.record.name()) == entry) {
        formerOwners.keep(entry.record);
        remove(entry, woken);
      }
    }
    woken.forEach(RegistryWatch::wake);
  }

  private void remove(Registration entry, List<RegistryWatch> woken) {
    endpoints.remove(entry.record.name());
    giveBack(entry);
    watches.forEach(watch -> watch.gone(entry.record, woken));
  }

  /**
   * The registration held under a name; compared by identity, so that an old timer removes nothing
   * new.
   */
  private static final class Registration {
    final EndpointRecord record;
    Timer.Cancellable expiry = () -> {};

    Registration(EndpointRecord record) {
      this.record = record;
    }

    EndpointRecord record() {
      return record;
    }
  }
}
