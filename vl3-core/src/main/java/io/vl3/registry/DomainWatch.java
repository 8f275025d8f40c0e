package io.vl3.registry;

import io.vl3.health.HealthCode;
import io.vl3.health.Reporter;
import io.vl3.internal.log.Outage;
import io.vl3.measure.Counter;
import io.vl3.measure.Measure;
import io.vl3.net.DomainName;
import io.vl3.time.Timer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The watch over one domain, subscribed again whenever it breaks. Thread-safe. */
final class DomainWatch {

  private static final Logger LOG = LoggerFactory.getLogger(PeerDirectory.class);

  private final Registry registry;
  private final EndpointQuery query;
  private final PeerSearch search;
  private final PeerDirectory.Settings settings;
  private final Executor executor;
  private final Timer timer;
  private final RandomGenerator random;
  private final Predicate<EndpointRecord> linked;
  private final Consumer<Set<String>> changed;
  private final Outage outage;
  private final Counter failedSearches;

  /**
   * By name without domain: they all are of one. Those that are no peers among them: whom we take
   * for ourselves changes with our name.
   */
  private final Map<String, EndpointRecord> records = new HashMap<>();

  /** The endpoints known before the current subscription that it has not shown yet. */
  private final Set<String> unconfirmed = new HashSet<>();

  private Registry.Subscription subscription = () -> {};
  private Timer.Cancellable graceTimer = () -> {};
  private Timer.Cancellable retryTimer = () -> {};
  private int failures;

  /** Whether the current subscription has shown an endpoint. */
  private boolean shown;

  /** Whether the current subscription says that it has shown all that was there. */
  private boolean answered;

  /** Whether the current subscription is known to reach the domain's registry. */
  private boolean up;

  private long generation;
  private boolean synced;
  private boolean closed;

  DomainWatch(
      Registry registry,
      EndpointQuery query,
      PeerSearch search,
      PeerDirectory.Settings settings,
      Executor executor,
      Timer timer,
      RandomGenerator random,
      Reporter reporter,
      Predicate<EndpointRecord> linked,
      Consumer<Set<String>> changed) {
    this.registry = registry;
    this.query = query;
    this.search = search;
    this.settings = settings;
    this.executor = executor;
    this.timer = timer;
    this.random = random;
    this.outage =
        new Outage(LOG, timer).reportedTo(reporter, HealthCode.REGISTRY_AWAY, query.service());
    this.failedSearches = reporter.meter().counter(Measure.FAILED_SEARCHES);
    this.linked = linked;
    this.changed = changed;
  }

  /** The peer of a name without domain. */
  Optional<EndpointRecord> peer(String localName) {
    return shown(localName).filter(search::isPeer);
  }

  private synchronized Optional<EndpointRecord> shown(String localName) {
    return Optional.ofNullable(records.get(localName));
  }

  /** The names without domain of all that were shown, be they peers or not. */
  synchronized Set<String> names() {
    return Set.copyOf(records.keySet());
  }

  synchronized boolean synced() {
    return synced;
  }

  synchronized DomainStatus status() {
    return new DomainStatus(DomainName.parse(query.service()).domain(), up);
  }

  void start() {
    executor.execute(this::subscribe);
  }

  synchronized void close() {
    closed = true;
    generation++;
    retryTimer.cancel();
    graceTimer.cancel();
    subscription.close();
  }

  private void subscribe() {
    long mine;
    synchronized (this) {
      if (closed) {
        return;
      }
      mine = ++generation;
      shown = false;
      answered = false;
      unconfirmed.clear();
      unconfirmed.addAll(records.keySet());
      armGrace(mine);
    }
    try {
      adopt(mine, registry.watch(query, new Told(mine)));
    } catch (RuntimeException refused) {
      ended(mine, refused);
    }
  }

  /** A watch may break, or this domain be closed, before {@code watch} has returned. */
  private void adopt(long mine, Registry.Subscription opened) {
    synchronized (this) {
      if (mine == generation) {
        subscription = opened;
        return;
      }
    }
    opened.close();
  }

  private void armGrace(long mine) {
    graceTimer.cancel();
    graceTimer = timer.after(settings.grace(), () -> graceOver(mine));
  }

  /**
   * Whom a new subscription does not show may have left, or the subscription shows too little: a
   * link that works says which. Such a peer is kept, and looked at again.
   */
  private void graceOver(long mine) {
    Set<String> kept = linkedOf(unconfirmed(mine));
    Set<String> lost = new TreeSet<>();
    List<EndpointRecord> givenUp;
    synchronized (this) {
      if (mine != generation) {
        return;
      }
      lost.addAll(unconfirmed);
      lost.removeAll(kept);
      givenUp = lost.stream().map(records::get).toList();
      records.keySet().removeAll(lost);
      unconfirmed.removeAll(lost);
      synced = true;
      reached();
      if (!unconfirmed.isEmpty()) {
        armGrace(mine);
      }
    }
    givenUp.stream().filter(search::isPeer).forEach(this::logGivenUp);
    changed.accept(lost);
  }

  private synchronized List<EndpointRecord> unconfirmed(long mine) {
    return mine == generation ? unconfirmed.stream().map(records::get).toList() : List.of();
  }

  /** Asks outside of the lock: the mesh has one of its own. */
  private Set<String> linkedOf(List<EndpointRecord> peers) {
    return peers.stream().filter(linked).map(EndpointRecord::localName).collect(Collectors.toSet());
  }

  private void logGivenUp(EndpointRecord peer) {
    LOG.warn(
        "peer {} of {}: given up: its registry has not shown it for {}, and no link to it works",
        peer.localName(),
        query.service(),
        settings.grace());
  }

  private void present(long mine, EndpointRecord endpoint) {
    synchronized (this) {
      if (mine != generation) {
        return;
      }
      shown = true;
      synced |= answered;
      reached();
      records.put(endpoint.localName(), endpoint);
      unconfirmed.remove(endpoint.localName());
    }
    logBack();
    changed.accept(Set.of(endpoint.localName()));
  }

  private void gone(long mine, EndpointRecord endpoint) {
    synchronized (this) {
      if (mine != generation) {
        return;
      }
      records.remove(endpoint.localName());
      unconfirmed.remove(endpoint.localName());
    }
    changed.accept(Set.of(endpoint.localName()));
  }

  private void synced(long mine) {
    synchronized (this) {
      if (mine != generation) {
        return;
      }
      answered = true;
      if (isRemote() && !shown) {
        return;
      }
      synced = true;
      reached();
    }
    logBack();
    changed.accept(Set.of());
  }

  /** NSM's proxies show a domain that they cannot reach as one without endpoints. */
  private boolean isRemote() {
    return query.service().contains("@");
  }

  private void reached() {
    failures = 0;
    up = true;
  }

  private void ended(long mine, Throwable cause) {
    boolean stood;
    synchronized (this) {
      if (mine != generation) {
        return;
      }
      generation++;
      graceTimer.cancel();
      failures++;
      stood = shown || (up && !isRemote());
      up = false;
      retryTimer =
          timer.after(
              settings.backOff().delay(failures, random), () -> executor.execute(this::subscribe));
    }
    logEnd(stood, cause);
  }

  /** A watch that breaks may stand again in no time; one that cannot be opened is a failure. */
  private void logEnd(boolean stood, Throwable cause) {
    if (stood) {
      LOG.info("peers of {}: watch broke: {}", query.service(), cause.getMessage());
    } else {
      failedSearches.add();
      outage.failed(
          "peers of %s: cannot be looked for: %s".formatted(query.service(), cause.getMessage()));
    }
  }

  private void logBack() {
    outage.ended("peers of %s: found again".formatted(query.service()));
  }

  /** Passes on the events of one subscription, as long as it is the current one. */
  private final class Told implements Registry.Listener {

    private final long mine;

    Told(long mine) {
      this.mine = mine;
    }

    @Override
    public void onPresent(EndpointRecord endpoint) {
      present(mine, endpoint);
    }

    @Override
    public void onGone(EndpointRecord endpoint) {
      gone(mine, endpoint);
    }

    @Override
    public void onSynced() {
      synced(mine);
    }

    @Override
    public void onEnd(Throwable cause) {
      ended(mine, cause);
    }
  }
}
