package io.vl3.nsm;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for what may fail without harm. */
final class Waiting {

  private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);

  private Waiting() {}

  /** Waits for the end, for the time at most; a failure is only logged. */
  static void briefly(CompletionStage<?> work, Duration time) {
    try {
      var unused = work.toCompletableFuture().get(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failure) {
      LOG.info("closing: {}", String.valueOf(failure.getCause()));
    } catch (TimeoutException late) {
      LOG.warn("closing: not done after {}, left to expire", time);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
