package io.vl3.nsm;

import io.vl3.failure.EndpointException;
import io.vl3.health.EventKind;
import io.vl3.health.HealthCode;
import io.vl3.health.Reporter;
import io.vl3.internal.log.Outage;
import io.vl3.nsm.internal.registry.InMemoryRegistry;
import io.vl3.registry.ClockDifference;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.Registry;
import io.vl3.time.Timer;
import io.vl3.tracing.Tracing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an endpoint registered: refreshes at two thirds of the remaining time, and at once, with
 * pauses, when the registry has lost us or broken. Name and first registration time stay. Its
 * network services are registered before it. Thread-safe.
 */
final class Registration implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

  private final NsmRuntime runtime;
  private final Registry registry;
  private final RegisteredServices services;
  private volatile boolean staying;
  private final CompletableFuture<EndpointRecord> first = new CompletableFuture<>();
  private final Reporter reporter;
  private final Outage outage;

  /** From the first time that the registry drops us until a registration has lasted. */
  private final Outage dropping;

  /** While what the registry grants shows that its clock is another. */
  private final Outage clocks;

  private final Runnable onRegistration;

  /** Guards all below; no call is made under it. */
  private final Object lock = new Object();

  private EndpointRecord wanted;
  private Registry.Subscription watch = () -> {};

  /** Under which name we watch for our own disappearance; empty while we do not. */
  private Optional<String> watched = Optional.empty();

  private Timer.Cancellable next = () -> {};
  private boolean running;

  /** Completes when the registry has answered, and what it granted too late is given back. */
  private CompletableFuture<Void> calling = CompletableFuture.completedFuture(null);

  private boolean again;
  private boolean closed;
  private int failures;

  /** How often the registry has dropped us before a refresh was due, in a row. */
  private int drops;

  /**
   * Not registered yet.
   *
   * @param services services to register before the endpoint, unless they are another's
   * @param staying whether to leave the registration to expire at the end
   * @param onRegistration run after each registration; must not block
   */
  Registration(
      NsmRuntime runtime,
      Registry registry,
      EndpointRecord wanted,
      List<NetworkServiceRecord> services,
      boolean staying,
      Runnable onRegistration) {
    this.runtime = runtime;
    this.registry = registry;
    this.wanted = wanted;
    this.services = new RegisteredServices(registry, services, () -> current().name());
    this.staying = staying;
    this.onRegistration = onRegistration;
    this.reporter = runtime.reporter().of(wanted.name());
    this.outage =
        new Outage(LOG, runtime.timer()).reportedTo(reporter, HealthCode.NOT_REGISTERED, "");
    this.dropping =
        new Outage(LOG, runtime.timer()).reportedTo(reporter, HealthCode.REGISTRATION_DROPPED, "");
    this.clocks =
        new Outage(LOG, runtime.timer()).reportedTo(reporter, HealthCode.CLOCK_DIFFERS, "");
  }

  /** Registers now, and keeps at it. */
  void start() {
    trigger();
  }

  /** Completes with the first registration that was granted. */
  CompletionStage<EndpointRecord> first() {
    return first;
  }

  /** The registration as last granted; before, as wanted. */
  EndpointRecord current() {
    synchronized (lock) {
      return wanted;
    }
  }

  /**
   * Ends the registration, also one that is under way; a registry that is away lets it expire.
   * Blocks for one call, and for the close timeout at most before it.
   */
  @Override
  public void close() {
    Registry.Subscription open;
    CompletableFuture<Void> call;
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      next.cancel();
      open = watch;
      call = calling;
    }
    open.close();
    Waiting.briefly(call, runtime.closeTimeout());
    if (staying) {
      return;
    }
    try {
      registry.unregister(current());
    } catch (EndpointException failure) {
      LOG.info("endpoint {}: left to expire: {}", current().name(), failure.getMessage());
    }
  }

  /** Keeps at it no more, and leaves the registration to a successor. Blocks as {@link #close}. */
  void leave() {
    staying = true;
    close();
  }

  private void trigger() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      next.cancel();
      if (running) {
        again = true;
        return;
      }
      running = true;
      calling = new CompletableFuture<>();
    }
    runtime.executor().execute(this::attempt);
  }

  private void attempt() {
    Optional<EndpointRecord> granted = Optional.empty();
    try {
      granted = Optional.of(register());
    } catch (EndpointException | RuntimeException failure) {
      failed(failure);
    }
    boolean late;
    CompletableFuture<Void> call;
    synchronized (lock) {
      granted.ifPresent(record -> wanted = record);
      late = closed;
      call = calling;
    }
    if (late && !staying) {
      granted.ifPresent(this::forget);
    }
    call.complete(null);
    if (late) {
      return;
    }
    granted.ifPresent(this::succeeded);
    schedule(granted);
    granted.ifPresent(record -> onRegistration.run());
  }

  private EndpointRecord register() throws EndpointException {
    return runtime
        .transport()
        .tracing()
        .root(
            "register endpoint",
            () -> {
              Tracing.tell(Tracing.ENDPOINT, current().name());
              services.register();
              return registry.register(asked());
            });
  }

  /** Without the granted expiry: a registry takes one that it is sent for the latest wanted. */
  private EndpointRecord asked() {
    EndpointRecord last = current();
    return last.withTimes(Optional.empty(), last.registered());
  }

  /** While we end, the end of the registry is no surprise. */
  private void failed(Exception failure) {
    synchronized (lock) {
      if (closed) {
        return;
      }
    }
    services.lost();
    outage.failed(
        "endpoint %s: not registered: %s".formatted(current().name(), failure.getMessage()));
  }

  private void succeeded(EndpointRecord record) {
    services.logDenials();
    ClockDifference.of(record, runtime.timer().instant())
        .ifPresentOrElse(
            clocks::failed,
            () ->
                clocks.ended(
                    "endpoint %s: its registration's times fit our clock"
                        .formatted(record.name())));
    outage.ended("endpoint %s: registered".formatted(record.name()));
    if (!watched().equals(Optional.of(record.name()))) {
      reporter.happened(
          EventKind.REGISTERED,
          record.name(),
          "for " + String.join(", ", new TreeSet<>(record.services().keySet())));
    }
    first.complete(record);
    watch(record.name());
  }

  private Optional<String> watched() {
    synchronized (lock) {
      return watched;
    }
  }

  /** The registry may change our name with any registration. */
  private void watch(String name) {
    Registry.Subscription former;
    synchronized (lock) {
      if (watched.equals(Optional.of(name))) {
        return;
      }
      watched = Optional.of(name);
      former = watch;
      watch = () -> {};
    }
    former.close();
    Registry.Subscription opened = registry.watch(EndpointQuery.ofName(name), new Watcher(name));
    synchronized (lock) {
      watch = opened;
      if (!closed) {
        return;
      }
    }
    opened.close();
  }

  private void forget(EndpointRecord record) {
    try {
      registry.unregister(record);
    } catch (EndpointException failure) {
      LOG.info("endpoint {}: left to expire: {}", record.name(), failure.getMessage());
    }
  }

  private void schedule(Optional<EndpointRecord> granted) {
    synchronized (lock) {
      running = false;
      boolean soon = again && granted.isPresent();
      again = false;
      failures = granted.isPresent() ? 0 : failures + 1;
      if (closed) {
        return;
      }
      if (!soon) {
        next =
            runtime.timer().after(delay(granted), granted.isPresent() ? this::due : this::trigger);
        return;
      }
    }
    triggerAfterDrops();
  }

  /** The registration has lasted until its refresh. */
  private void due() {
    synchronized (lock) {
      drops = 0;
    }
    dropping.ended("endpoint %s: stays registered again".formatted(current().name()));
    trigger();
  }

  private void triggerUnlessRunning() {
    synchronized (lock) {
      if (running) {
        return;
      }
    }
    triggerAfterDrops();
  }

  /** At once, but with pauses if the registry keeps dropping us. */
  private void triggerAfterDrops() {
    synchronized (lock) {
      if (drops > 1 && !closed) {
        next.cancel();
        next =
            runtime
                .timer()
                .after(runtime.backOff().delay(drops - 1, runtime.random()), this::trigger);
        return;
      }
    }
    trigger();
  }

  private void dropped() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      drops++;
      again = running;
    }
    services.lost();
    dropping.failed(
        "endpoint %s: dropped by the registry (expected: kept until its refresh)"
            .formatted(current().name()));
    triggerUnlessRunning();
  }

  private Duration delay(Optional<EndpointRecord> granted) {
    return granted
        .map(this::untilRefresh)
        .orElseGet(() -> runtime.backOff().delay(failures, runtime.random()));
  }

  /** A registry whose clock is behind grants times that are over here: it is asked with pauses. */
  private Duration untilRefresh(EndpointRecord granted) {
    Duration left =
        granted
            .expires()
            .map(at -> Duration.between(runtime.timer().instant(), at))
            .orElse(InMemoryRegistry.DEFAULT_LIFETIME);
    if (left.isNegative() || left.isZero()) {
      return runtime.backOff().longest();
    }
    Duration refresh = left.multipliedBy(2).dividedBy(3);
    Duration least = runtime.backOff().first();
    return refresh.compareTo(least) < 0 ? least : refresh;
  }

  /** Watches for our own disappearance. */
  private final class Watcher implements Registry.Listener {

    private final String name;

    Watcher(String name) {
      this.name = name;
    }

    @Override
    public void onPresent(EndpointRecord endpoint) {}

    @Override
    public void onGone(EndpointRecord endpoint) {
      if (endpoint.name().equals(name) && name.equals(current().name())) {
        dropped();
      }
    }

    @Override
    public void onEnd(Throwable cause) {
      LOG.info("endpoint {}: registry lost: {}", current().name(), cause.getMessage());
      services.lost();
      synchronized (lock) {
        if (watched.equals(Optional.of(name))) {
          watched = Optional.empty();
        }
      }
      trigger();
    }
  }
}
