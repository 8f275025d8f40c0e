package io.vl3.nse;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of an NSE, step by step. Each has its share of the time: nobody who is hung holds up the
 * rest, and what cannot be done in time is left to expire.
 */
final class NseEnding {

  private static final Logger LOG = LoggerFactory.getLogger(NseEnding.class);

  /** How many steps there are. */
  private static final int STEPS = 5;

  private final String name;
  private final Duration share;
  private final Executor executor;

  /**
   * Nothing is done yet.
   *
   * @param name the NSE's, for messages
   * @param limit how long all steps may take
   * @param executor where steps run that block
   */
  NseEnding(String name, Duration limit, Executor executor) {
    this.name = name;
    this.share = limit.dividedBy(STEPS);
    this.executor = executor;
  }

  /** Takes a step that blocks. */
  void take(String done, Runnable step) {
    await(done, CompletableFuture.runAsync(step, executor));
  }

  /** Waits for a step that has begun. */
  void await(String done, CompletionStage<Void> step) {
    try {
      var unused = step.toCompletableFuture().get(share.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      LOG.warn("{}: not {} within {} s, which is left", name, done, share.toSeconds());
    } catch (ExecutionException failed) {
      LOG.warn("{}: not {}", name, done, failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Closes a part; one that fails keeps no other from its end. */
  void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception failure) {
      LOG.warn("{}: {} did not end well", name, part, failure);
    }
  }
}
