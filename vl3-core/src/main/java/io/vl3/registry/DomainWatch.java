package io.vl3.registry;

import io.vl3.log.Outage;
import io.vl3.time.Timer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
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
  private final Consumer<Set<String>> changed;
  private final Outage outage = new Outage(LOG);

  /** By name without domain: they all are of one. */
  private final Map<String, EndpointRecord> records = new HashMap<>();

  /** What the current subscription has not shown yet of what was known before it. */
  private final Set<String> unconfirmed = new HashSet<>();

  private Registry.Subscription subscription = () -> {};
  private Timer.Cancellable graceTimer = () -> {};
  private Timer.Cancellable retryTimer = () -> {};
  private int failures;

  /** Whether the current subscription has shown anything. */
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
      Consumer<Set<String>> changed) {
    this.registry = registry;
    this.query = query;
    this.search = search;
    this.settings = settings;
    this.executor = executor;
    this.timer = timer;
    this.random = random;
    this.changed = changed;
  }

  /** The registration of a name without domain. */
  synchronized Optional<EndpointRecord> record(String localName) {
    return Optional.ofNullable(records.get(localName));
  }

  synchronized boolean synced() {
    return synced;
  }

  synchronized DomainStatus status() {
    int at = query.service().indexOf('@');
    return new DomainStatus(at < 0 ? "" : query.service().substring(at + 1), up);
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
      unconfirmed.clear();
      unconfirmed.addAll(records.keySet());
      graceTimer.cancel();
      graceTimer = timer.after(settings.grace(), () -> graceOver(mine));
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

  private void graceOver(long mine) {
    Set<String> lost;
    synchronized (this) {
      if (mine != generation) {
        return;
      }
      lost = Set.copyOf(unconfirmed);
      records.keySet().removeAll(unconfirmed);
      unconfirmed.clear();
      synced = true;
    }
    changed.accept(lost);
  }

  private void present(long mine, EndpointRecord endpoint) {
    synchronized (this) {
      if (mine != generation) {
        return;
      }
      failures = 0;
      up = true;
      if (search.isPeer(endpoint)) {
        records.put(endpoint.localName(), endpoint);
      } else {
        records.remove(endpoint.localName());
      }
      unconfirmed.remove(endpoint.localName());
    }
    tellBack();
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
      failures = 0;
      up = true;
      synced = true;
    }
    tellBack();
    changed.accept(Set.of());
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
      stood = up;
      up = false;
      retryTimer =
          timer.after(
              settings.backOff().delay(failures, random), () -> executor.execute(this::subscribe));
    }
    tellEnd(stood, cause);
  }

  /** A watch that breaks may stand again in no time; one that cannot be opened is a failure. */
  private void tellEnd(boolean stood, Throwable cause) {
    if (stood) {
      LOG.info("peers of {}: watch broke: {}", query.service(), cause.getMessage());
    } else {
      outage.failed(
          "peers of %s: cannot be looked for: %s".formatted(query.service(), cause.getMessage()));
    }
  }

  private void tellBack() {
    outage.ended("peers of %s: found again".formatted(query.service()));
  }

  /** Passes on what one subscription tells, as long as it is the current one. */
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
