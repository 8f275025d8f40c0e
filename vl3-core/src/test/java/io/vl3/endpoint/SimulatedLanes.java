package io.vl3.endpoint;

import io.vl3.time.Timer;
import io.vl3.tracing.Tracing;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Runners whose lanes wait as a simulator wants. */
public final class SimulatedLanes {

  private SimulatedLanes() {}

  /** A runner with locks of the simulator's. */
  public static EndpointRunner runner(
      Endpoint chain,
      Executor executor,
      Timer timer,
      Duration eventTimeout,
      Supplier<ReentrantLock> locks) {
    return new EndpointRunner(
        chain, executor, timer, eventTimeout, Tracing.OFF, new Lanes<>(locks));
  }
}
