package io.vl3.registry;

import io.vl3.health.Reporter;
import io.vl3.time.BackOff;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The peers of an endpoint: a watch over a registry, kept in memory. Each domain is watched by
 * itself; a broken watch keeps what was known last and subscribes again with back-off. What is
 * still missing a grace period after that has left, unless a link to it works: a registry that
 * starts anew fills up only as its endpoints register again, and NSM's proxies show a domain that
 * they cannot reach as one without endpoints.
 *
 * <p>A peer is known by its name as registered, with its domain if it has another. One and the same
 * endpoint found in several domains is one peer: our own registry's record counts, then the
 * domains' in their order.
 *
 * <p>Thread-safe. {@link #known} does not block.
 */
public final class PeerDirectory implements AutoCloseable {

  private final PeerSearch search;
  private final List<DomainWatch> domains = new ArrayList<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Object lock = new Object();

  /**
   * The events that listeners have not received yet, in order; one thread at a time delivers them.
   * Under the lock.
   */
  private final Deque<Runnable> untold = new ArrayDeque<>();

  private boolean telling;

  /** Our own name when it was judged last who is a peer. Under the lock. */
  private String ownName = "";

  private volatile Predicate<EndpointRecord> linked = peer -> false;

  /** Written under the lock. */
  private final ConcurrentNavigableMap<String, EndpointRecord> byName =
      new ConcurrentSkipListMap<>();

  private final KnownPeers known = new PeersByName(byName, this::isComplete);

  /**
   * A directory; nothing happens before {@link #start}.
   *
   * @param executor where subscribing runs, which may block
   * @param timer for back-off and grace
   * @param random the jitter
   * @param reporter where it is reported which registries are away
   */
  public PeerDirectory(
      Registry registry,
      PeerSearch search,
      Settings settings,
      Executor executor,
      Timer timer,
      RandomGenerator random,
      Reporter reporter) {
    this.search = search;
    for (EndpointQuery query : search.queries()) {
      domains.add(
          new DomainWatch(
              registry,
              query,
              search,
              settings,
              executor,
              timer,
              random,
              reporter,
              peer -> linked.test(peer),
              this::domainChanged));
    }
  }

  /**
   * Keeps a peer that a watch, begun anew, does not show, as long as a link to it works. A peer
   * that the registry says has left is not kept.
   *
   * @param works whether a link to a peer works now; called by the timer, must not block
   */
  public void keepWhile(Predicate<EndpointRecord> works) {
    linked = works;
  }

  /**
   * Judges anew who is a peer, if the registry has granted us another name: who was taken for
   * ourselves may be one. To be called after each registration.
   */
  public void ownNameMayHaveChanged() {
    Set<String> names = new TreeSet<>();
    synchronized (lock) {
      String now = search.self().get().name();
      if (now.equals(ownName)) {
        return;
      }
      ownName = now;
    }
    domains.forEach(domain -> names.addAll(domain.names()));
    domainChanged(names);
  }

  /** Starts to watch. */
  public void start() {
    domains.forEach(DomainWatch::start);
  }

  /** The peers that are known now; a view that follows. */
  public KnownPeers known() {
    return known;
  }

  /** The search of this directory. */
  public PeerSearch search() {
    return search;
  }

  /**
   * Tells a listener of every peer known now, and of every change from then on.
   *
   * @return ends it when closed
   */
  public Registry.Subscription listen(Listener listener) {
    synchronized (lock) {
      listeners.add(listener);
      for (EndpointRecord peer : known.all()) {
        untold.add(() -> listener.onArrival(peer));
      }
    }
    tell();
    return () -> listeners.remove(listener);
  }

  /** How each domain that is searched is doing: our own, then the others in their order. */
  public List<DomainStatus> domains() {
    return domains.stream().map(DomainWatch::status).toList();
  }

  /** Ends every watch; what was known stays known. Idempotent. */
  @Override
  public void close() {
    domains.forEach(DomainWatch::close);
  }

  private boolean isComplete() {
    return domains.stream().allMatch(DomainWatch::synced);
  }

  private void domainChanged(Set<String> localNames) {
    synchronized (lock) {
      new TreeSet<>(localNames).forEach(this::refresh);
    }
    tell();
  }

  /** Brings what is known of one name into line with what the domains hold. */
  private void refresh(String localName) {
    Map<String, EndpointRecord> now = new TreeMap<>();
    for (DomainWatch domain : domains) {
      domain
          .peer(localName)
          .filter(found -> now.values().stream().noneMatch(found::isSameEndpointAs))
          .ifPresent(found -> now.putIfAbsent(found.name(), found));
    }
    for (EndpointRecord old : known.namesakes(localName)) {
      if (!now.containsKey(old.name())) {
        byName.remove(old.name());
        untold.add(() -> listeners.forEach(listener -> listener.onDeparture(old)));
      }
    }
    now.values().forEach(this::put);
  }

  private void put(EndpointRecord now) {
    EndpointRecord old = byName.put(now.name(), now);
    if (old == null) {
      untold.add(() -> listeners.forEach(listener -> listener.onArrival(now)));
    } else if (!now.isRefreshOf(old)) {
      untold.add(() -> listeners.forEach(listener -> listener.onChange(old, now)));
    }
  }

  /**
   * Notifies outside of the lock and in order: a thread that finds another one at it leaves it to
   * that one.
   */
  private void tell() {
    while (true) {
      Runnable first;
      synchronized (lock) {
        if (telling || untold.isEmpty()) {
          return;
        }
        telling = true;
        first = untold.remove();
      }
      try {
        first.run();
      } finally {
        synchronized (lock) {
          telling = false;
        }
      }
    }
  }

  /** A listener for peers. Called by one thread at a time; must not block. */
  public interface Listener {

    /** A peer was registered, or was there when listening began. */
    void onArrival(EndpointRecord peer);

    /** A peer's registration differs in more than its expiry. */
    void onChange(EndpointRecord before, EndpointRecord after);

    /** A peer left, or its registration expired. */
    void onDeparture(EndpointRecord peer);
  }

  /**
   * Times.
   *
   * @param backOff between attempts to subscribe
   * @param grace how long after a new subscription a peer that it does not show is still believed
   */
  public record Settings(BackOff backOff, Duration grace) {

    /** Back-off from 0.2 s to 10 s, 15 s of grace. */
    public static final Settings DEFAULT =
        new Settings(
            new BackOff(Duration.ofMillis(200), Duration.ofSeconds(10)), Duration.ofSeconds(15));
  }
}
