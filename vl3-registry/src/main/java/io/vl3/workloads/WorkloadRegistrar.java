package io.vl3.workloads;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.vl3.api.svreg.Empty;
import io.vl3.api.svreg.RegistryGrpc;
import io.vl3.api.svreg.ServiceWorkload;
import io.vl3.connection.ConnectionId;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.internal.log.Outage;
import io.vl3.time.BackOff;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the workloads of one NSE registered at the original's workload registry ({@code
 * svreg.Registry}), in the background: what fails is tried again with growing waits, and all is
 * repeated every few minutes, since the registry may have begun anew. A workload that has gone is
 * removed; one that cannot be removed for ten minutes is left to the registry.
 *
 * <p>Each registration says for how long it is meant ({@link #LIFETIME}), which our own server goes
 * by. Thread-safe; only {@link #close} blocks, for at most two seconds. The caller owns the
 * channel.
 */
public final class WorkloadRegistrar implements AutoCloseable {

  /** The header of a registration: after how many seconds it ends unless it is repeated. */
  static final Metadata.Key<String> LIFETIME =
      Metadata.Key.of("vl3-lifetime-seconds", Metadata.ASCII_STRING_MARSHALLER);

  private static final Logger LOG = LoggerFactory.getLogger(WorkloadRegistrar.class);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration REPEAT = Duration.ofMinutes(5);
  private static final Duration LIFE = REPEAT.multipliedBy(3);
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int AT_ONCE = 8;
  private static final BackOff WAITS = new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(1));

  private final Channel channel;
  private final String server;
  private final Timer timer;
  private final RandomGenerator random;
  private final Outage outage;

  /** Guards what follows; for memory work only. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition quiet = lock.newCondition();
  private final Map<ConnectionId, ServiceWorkload> wanted = new HashMap<>();
  private final Map<ServiceWorkload, Entry> entries = new LinkedHashMap<>();
  private int underWay;
  private int failures;
  private boolean pausing;
  private boolean repeating;
  private boolean closed;
  private Timer.Cancellable pause = () -> {};
  private Timer.Cancellable repeat = () -> {};

  /** What is known of one workload. Guarded by the lock. */
  private static final class Entry {
    private int wantedBy;
    private boolean registered;
    private boolean underWay;
    private Optional<Instant> giveUp = Optional.empty();

    private boolean hasWork() {
      return !underWay && (wantedBy > 0) != registered;
    }
  }

  private WorkloadRegistrar(Channel channel, String server, Timer timer, RandomGenerator random) {
    this.channel = channel;
    this.server = server;
    this.timer = timer;
    this.random = random;
    this.outage = new Outage(LOG, timer);
  }

  /**
   * One that has nothing to register yet.
   *
   * @param server the registry's address, for messages
   */
  public static WorkloadRegistrar at(
      Channel channel, String server, Timer timer, RandomGenerator random) {
    return new WorkloadRegistrar(channel, server, timer, random);
  }

  /** What the workload of a connection is to be registered as from now on; empty: not at all. */
  void put(ConnectionId connection, Optional<ServiceWorkload> workload) {
    lock.lock();
    try {
      Optional<ServiceWorkload> before = Optional.ofNullable(wanted.get(connection));
      if (closed || before.equals(workload)) {
        return;
      }
      workload.ifPresentOrElse(now -> wanted.put(connection, now), () -> wanted.remove(connection));
      workload.ifPresent(now -> entries.computeIfAbsent(now, none -> new Entry()).wantedBy++);
      before.ifPresent(this::unwant);
    } finally {
      lock.unlock();
    }
    work();
  }

  /** How many workloads are registered, or are to be, or are to be removed. */
  public int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Removes what is registered and stops; what cannot be removed in time is left to the registry.
   * Idempotent.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      wanted.clear();
      List.copyOf(entries.keySet()).forEach(this::unwantAll);
    } finally {
      lock.unlock();
    }
    work();
    awaitQuiet();
    leave();
  }

  /** Stops, and leaves what is registered to a successor, who registers it again. Idempotent. */
  public void leave() {
    lock.lock();
    try {
      closed = true;
      pause.cancel();
      repeat.cancel();
      wanted.clear();
      entries.clear();
    } finally {
      lock.unlock();
    }
  }

  private void awaitQuiet() {
    lock.lock();
    try {
      long left = CLOSE_TIMEOUT.toNanos();
      while (!closed && !pausing && !entries.isEmpty() && left > 0) {
        left = quiet.awaitNanos(left);
      }
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void unwant(ServiceWorkload workload) {
    Entry entry = entries.get(workload);
    if (entry != null && --entry.wantedBy <= 0) {
      unwantAll(workload);
    }
  }

  private void unwantAll(ServiceWorkload workload) {
    Entry entry = entries.get(workload);
    if (entry == null) {
      return;
    }
    entry.wantedBy = 0;
    entry.giveUp = Optional.of(timer.instant().plus(PATIENCE));
    if (!entry.registered && !entry.underWay) {
      entries.remove(workload);
    }
  }

  /** Starts what is to be done, a few calls at once, unless it is being waited. */
  private void work() {
    List<Runnable> calls = new ArrayList<>();
    lock.lock();
    try {
      entries.values().removeIf(this::isGivenUp);
      for (Map.Entry<ServiceWorkload, Entry> each : entries.entrySet()) {
        if (closed || pausing || underWay >= AT_ONCE) {
          break;
        }
        if (each.getValue().hasWork()) {
          calls.add(begin(each.getKey(), each.getValue()));
        }
      }
      quiet.signalAll();
    } finally {
      lock.unlock();
    }
    calls.forEach(Runnable::run);
  }

  private boolean isGivenUp(Entry entry) {
    return entry.wantedBy == 0
        && !entry.underWay
        && entry.giveUp.map(end -> !timer.instant().isBefore(end)).orElse(false);
  }

  private Runnable begin(ServiceWorkload workload, Entry entry) {
    entry.underWay = true;
    underWay++;
    boolean registers = !entry.registered;
    // Not cancelled with the workload's request, which does not wait for it.
    return () -> Context.ROOT.run(() -> call(workload, registers));
  }

  private void call(ServiceWorkload workload, boolean registers) {
    RegistryGrpc.RegistryStub stub =
        RegistryGrpc.newStub(channel)
            .withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    if (registers) {
      Metadata lifetime = new Metadata();
      lifetime.put(LIFETIME, Long.toString(LIFE.toSeconds()));
      stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(lifetime))
          .registerWorkload(workload, new Answer(workload, true));
    } else {
      stub.removeWorkload(workload, new Answer(workload, false));
    }
  }

  private void succeeded(ServiceWorkload workload, boolean registered) {
    lock.lock();
    try {
      underWay--;
      if (failures > 0) {
        failures = 0;
        forget(); // Who was away may have begun anew.
      }
      Entry entry = entries.get(workload);
      if (entry != null) {
        entry.underWay = false;
        entry.registered = registered;
        if (!registered && entry.wantedBy == 0) {
          entries.remove(workload);
        }
      }
      repeatLater();
    } finally {
      lock.unlock();
    }
    outage.ended("workload registry at %s: answers again".formatted(server));
    work();
  }

  private void failed(ServiceWorkload workload, boolean registering, Throwable failure) {
    lock.lock();
    try {
      underWay--;
      Entry entry = entries.get(workload);
      if (entry != null) {
        entry.underWay = false;
        entry.registered |= registering && entry.wantedBy == 0; // It may be: it is removed then.
      }
      if (closed) {
        return;
      }
      if (!pausing) {
        pausing = true;
        pause = timer.after(WAITS.delay(++failures, random), this::endPause);
      }
      quiet.signalAll();
    } finally {
      lock.unlock();
    }
    outage.failed(
        "workload registry at %s: %s"
            .formatted(server, StatusCodes.rootMessage(Status.fromThrowable(failure))));
  }

  private void endPause() {
    lock.lock();
    try {
      pausing = false;
    } finally {
      lock.unlock();
    }
    work();
  }

  private void repeatLater() {
    if (entries.isEmpty()) {
      repeat.cancel();
      repeating = false;
    } else if (!repeating && !closed) {
      repeating = true;
      repeat = timer.after(REPEAT, this::repeatAll);
    }
  }

  private void repeatAll() {
    lock.lock();
    try {
      repeating = false;
      forget();
    } finally {
      lock.unlock();
    }
    work();
  }

  private void forget() {
    entries.values().stream()
        .filter(entry -> entry.wantedBy > 0 && !entry.underWay)
        .forEach(entry -> entry.registered = false);
  }

  /** Takes the answer to one call. */
  private final class Answer implements StreamObserver<Empty> {

    private final ServiceWorkload workload;
    private final boolean registered;

    Answer(ServiceWorkload workload, boolean registered) {
      this.workload = workload;
      this.registered = registered;
    }

    @Override
    public void onNext(Empty answer) {}

    @Override
    public void onError(Throwable failure) {
      failed(workload, registered, failure);
    }

    @Override
    public void onCompleted() {
      succeeded(workload, registered);
    }
  }
}
