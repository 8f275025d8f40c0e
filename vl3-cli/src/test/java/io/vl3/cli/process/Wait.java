package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.fail;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for what processes bring about, for a bounded time. */
public final class Wait {

  private static final int LONGEST_SECONDS = 120;

  private Wait() {}

  /** Returns as soon as the condition holds; fails with the text if it does not in two minutes. */
  public static void until(Supplier<String> what, Callable<Boolean> condition) throws Exception {
    until(LONGEST_SECONDS, what, condition);
  }

  /** The same with another limit. */
  public static void until(int seconds, Supplier<String> what, Callable<Boolean> condition)
      throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        fail("%s: not so after %d s".formatted(what.get(), seconds));
      }
      var unused = never.await(20, TimeUnit.MILLISECONDS);
    }
  }
}
