package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.fail;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for what processes bring about, for a bounded time. */
public final class Wait {

  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private Wait() {}

  /** Returns as soon as the condition holds; fails with the text if it does not in a minute. */
  public static void until(Supplier<String> what, Callable<Boolean> condition) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        fail(what.get() + ": not so after 60 s");
      }
      var unused = never.await(20, TimeUnit.MILLISECONDS);
    }
  }
}
