package io.vl3.mesh.sim;

import io.vl3.failure.EndpointException;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.Registry;
import io.vl3.time.BackOff;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Keeps an NSE registered, as the module that talks to NSM does: refreshes, and registers again
 * when the registry was lost or has lost us.
 */
final class Registrar {

  private static final BackOff PAUSES = new BackOff(Duration.ofMillis(200), Duration.ofSeconds(2));

  private final Registry registry;
  private final Executor executor;
  private final Timer timer;
  private final RandomGenerator random;
  private final Consumer<EndpointRecord> granted;
  private EndpointRecord record;
  private Registry.Subscription watch = () -> {};
  private boolean watching;
  private boolean closed;
  private boolean running;
  private int failures;
  private Timer.Cancellable next = () -> {};

  Registrar(
      Registry registry,
      EndpointRecord record,
      Executor executor,
      Timer timer,
      RandomGenerator random,
      Consumer<EndpointRecord> granted) {
    this.registry = registry;
    this.record = record;
    this.executor = executor;
    this.timer = timer;
    this.random = random;
    this.granted = granted;
  }

  EndpointRecord record() {
    return record;
  }

  void start() {
    next.cancel();
    if (!running && !closed) {
      running = true;
      executor.execute(this::register);
    }
  }

  /** Ends the registration; within a task. */
  void close() throws EndpointException {
    closed = true;
    next.cancel();
    watch.close();
    registry.unregister(record);
  }

  private void register() {
    try {
      EndpointRecord answer = registry.register(record);
      if (closed) {
        registry.unregister(answer);
        return;
      }
      record = answer;
      failures = 0;
      granted.accept(record);
      observe();
      again(SimulatedRegistry.LIFETIME.dividedBy(3));
    } catch (EndpointException away) {
      failures++;
      again(PAUSES.delay(failures, random));
    } finally {
      running = false;
    }
  }

  private void again(Duration delay) {
    if (!closed) {
      next = timer.after(delay, this::start);
    }
  }

  private void observe() {
    if (watching) {
      return;
    }
    watching = true;
    watch =
        registry.watch(
            EndpointQuery.ofName(record.name()),
            new Registry.Listener() {
              @Override
              public void onPresent(EndpointRecord endpoint) {}

              @Override
              public void onGone(EndpointRecord endpoint) {
                start();
              }

              @Override
              public void onEnd(Throwable cause) {
                watching = false;
                next.cancel();
                again(PAUSES.delay(1, random));
              }
            });
  }
}
