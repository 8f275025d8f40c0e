package io.vl3.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SideBySideTest {

  private static final List<Integer> FIVE = List.of(0, 1, 2, 3, 4);

  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final List<Integer> begun = new CopyOnWriteArrayList<>();

  @AfterEach
  void endThreads() {
    executor.shutdownNow();
  }

  @Test
  void whoTakesLong_holdsUpNobodyElse() throws Exception {
    CountDownLatch others = new CountDownLatch(4);
    SideBySide.inTurns(
        FIVE,
        executor,
        2,
        number -> {
          begun.add(number);
          if (number == 0) {
            await(others);
          } else {
            others.countDown();
          }
        },
        () -> false);
    assertThat(begun).containsExactlyInAnyOrderElementsOf(FIVE);
  }

  @Test
  void soManyAtATime_inTheirOrder() throws Exception {
    Deque<Runnable> handed = new ArrayDeque<>();
    SideBySide.inTurns(
        FIVE,
        task -> {
          handed.add(task);
          if (handed.size() == 3) {
            handed.forEach(Runnable::run);
          }
        },
        3,
        begun::add,
        () -> false);
    assertThat(handed).hasSize(3);
    assertThat(begun).isEqualTo(FIVE);
  }

  @Test
  void ofTwoThatFail_theFirstInOrderIsNamed_andNoFurtherOneIsBegun() {
    CountDownLatch secondFailed = new CountDownLatch(1);
    Throwable failure =
        catchThrowable(
            () ->
                SideBySide.inTurns(
                    FIVE,
                    executor,
                    2,
                    number -> {
                      begun.add(number);
                      if (number == 0) {
                        await(secondFailed);
                        throw new EndpointException(Reason.CONFLICT, "the first");
                      }
                      secondFailed.countDown();
                      throw new IOException("number " + number);
                    },
                    () -> false));
    assertThat(failure).isInstanceOf(EndpointException.class).hasMessage("the first");
    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(failure.getSuppressed()[0]).hasMessage("number 1");
    assertThat(begun).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void onceThereIsEnough_noneIsBegun() throws Exception {
    SideBySide.inTurns(FIVE, executor, 1, begun::add, () -> begun.size() == 2);
    assertThat(begun).containsExactly(0, 1);
  }

  @Test
  void whoWaitsIsInterrupted_noFurtherOneIsBegun_andWhatGoesOnEndsFirst() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread waiting =
        new Thread(
            () ->
                thrown.set(
                    catchThrowable(
                        () ->
                            SideBySide.inTurns(
                                FIVE,
                                executor,
                                1,
                                number -> {
                                  goesOn.countDown();
                                  await(mayEnd);
                                  begun.add(number);
                                },
                                () -> false))));
    waiting.start();
    await(goesOn);
    waiting.interrupt();
    while (waiting.isInterrupted() || waiting.getState() != Thread.State.WAITING) {
      Thread.onSpinWait(); // until it waits again, which is after it has noted the interruption
    }
    assertThat(thrown.get()).isNull();
    mayEnd.countDown();
    waiting.join();
    assertThat(begun).containsExactly(0);
    assertThat(thrown.get()).isInstanceOf(EndpointException.class).hasMessageContaining("of 5");
  }

  @Test
  void toAll_goesOnWithTheOthers_afterAFailure() {
    CountDownLatch atOnce = new CountDownLatch(5);
    assertThatThrownBy(
            () ->
                SideBySide.toAll(
                    FIVE,
                    executor,
                    number -> {
                      begun.add(number);
                      atOnce.countDown();
                      await(atOnce);
                      if (number > 2) {
                        throw new IOException("number " + number);
                      }
                    }))
        .hasMessage("number 3")
        .hasSuppressedException(new IOException("number 4"));
    assertThat(begun).containsExactlyInAnyOrderElementsOf(FIVE);
  }

  @Test
  void ofNone_nothingIsDone() throws Exception {
    SideBySide.inTurns(Collections.<Integer>emptyList(), executor, 4, begun::add, () -> false);
    SideBySide.toAll(Collections.<Integer>emptyList(), executor, begun::add);
    assertThat(begun).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
