package io.vl3.nsm;

import static org.assertj.core.api.Assertions.fail;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for what other threads bring about, for a bounded time. */
public final class Eventually {

  /** Only a failure waits so long: a busy machine may stand still for many seconds. */
  private static final long LIMIT_SECONDS = 60;

  private Eventually() {}

  /** Returns as soon as the condition holds; fails with the text if it does not in time. */
  public static void until(String what, Callable<Boolean> condition) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        fail("%s: not so after %d s".formatted(what, LIMIT_SECONDS));
      }
      var unused = never.await(2, TimeUnit.MILLISECONDS);
    }
  }
}
