package io.vl3.transport.internal.socket;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The time of an event loop. Its zero is arbitrary: only what lies between two times means
 * something.
 */
public record LoopTimer(EventLoop loop) implements Timer {

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(loop.ticker().nanoTime());
  }

  @Override
  public Cancellable after(Duration delay, Runnable task) {
    try {
      Future<?> scheduled = loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> scheduled.cancel(false);
    } catch (RejectedExecutionException ending) {
      return () -> {}; // The owner of the loop is closing: nothing may start any more.
    }
  }
}
