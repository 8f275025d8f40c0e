package io.vl3.nsm;

import static org.assertj.core.api.Assertions.fail;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for what other threads bring about, for a bounded time. */
public final class Eventually {

  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private Eventually() {}

  /** Returns as soon as the condition holds; fails with the text if it does not in time. */
  public static void until(String what, Callable<Boolean> condition) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        fail(what + ": not so after 10 s");
      }
      var unused = never.await(2, TimeUnit.MILLISECONDS);
    }
  }
}
