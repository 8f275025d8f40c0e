package io.vl3.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.failure.EndpointException;
import io.vl3.time.Deadline;
import io.vl3.time.SystemTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LanesTest {

  private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final SystemTimer timer = new SystemTimer(scheduler);
  private final Lanes<String> lanes = new Lanes<>();

  @AfterEach
  void stop() {
    scheduler.shutdownNow();
    threads.shutdownNow();
  }

  @Test
  void oneKey_runsOneAtATime_andTheLaneVanishes() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(
          threads.submit(
              () ->
                  lanes.run(
                      "a",
                      soon(),
                      () -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        return inside.decrementAndGet();
                      })));
    }
    for (Future<?> one : all) {
      one.get(60, TimeUnit.SECONDS);
    }
    assertThat(most).hasValue(1);
    assertThat(lanes.size()).isZero();
  }

  @Test
  void differentKeys_runTogether() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    Future<?> a = threads.submit(() -> lanes.run("a", soon(), () -> await(both)));
    Future<?> b = threads.submit(() -> lanes.run("b", soon(), () -> await(both)));
    a.get(60, TimeUnit.SECONDS);
    b.get(60, TimeUnit.SECONDS);
  }

  @Test
  void laneThatStaysTaken_answersDeadline() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Future<?> holder =
        threads.submit(
            () ->
                lanes.run(
                    "a",
                    soon(),
                    () -> {
                      taken.countDown();
                      return await(release);
                    }));
    assertThat(taken.await(60, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> lanes.run("a", Deadline.after(Duration.ZERO, timer), () -> 1))
        .isInstanceOf(EndpointException.class)
        .hasMessageContaining("connection: a");
    release.countDown();
    holder.get(60, TimeUnit.SECONDS);
    assertThat(lanes.size()).isZero();
  }

  @Test
  void callingBackIntoTheOwnLane_throws() {
    assertThatThrownBy(() -> lanes.run("a", soon(), () -> lanes.run("a", soon(), () -> 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("calls back into itself");
    assertThat(lanes.size()).isZero();
  }

  private Deadline soon() {
    return Deadline.after(Duration.ofSeconds(60), timer);
  }

  private static boolean await(CyclicBarrier barrier) {
    try {
      barrier.await(60, TimeUnit.SECONDS);
      return true;
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
