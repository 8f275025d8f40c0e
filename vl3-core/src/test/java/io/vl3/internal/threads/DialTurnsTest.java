package io.vl3.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DialTurnsTest {

  private static final int MOST = 4;
  private static final Duration QUICK = Duration.ofSeconds(1);

  private final FakeTimer timer = new FakeTimer();
  private final Deque<Runnable> handed = new ArrayDeque<>();
  private final List<Integer> done = new ArrayList<>();
  private final AtomicLong waited = new AtomicLong();
  private final DialTurns turns = new DialTurns(handed::add, timer, MOST, QUICK, waited::get);

  @Test
  void dialsBegin_inTheOrderInWhichTheyCame_oneMoreAfterEachQuickOne() {
    dial(9);
    List<Integer> atATime = new ArrayList<>();
    while (!handed.isEmpty()) {
      atATime.add(handed.size());
      handed.remove().run();
    }
    assertThat(done).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(atATime).startsWith(1, 2, 3, MOST, MOST);
    assertThat(turns.waiting()).isZero();
    assertThat(timer.pending()).isZero();
  }

  @Test
  void oneThatTakesLong_givesItsTurnToTheNext_andNotTwice() {
    dial(4);
    assertThat(handed).hasSize(1);
    timer.advance(QUICK);
    assertThat(handed).as("one in its place, one more").hasSize(3);
    handed.remove().run(); // its turn is over since
    assertThat(handed).hasSize(2);
    timer.advance(QUICK);
    assertThat(handed).hasSize(3);
    assertThat(turns.waiting()).isZero();
  }

  @Test
  void whereProcessorsAreWanted_oneThatTakesLongKeepsItsTurn_andFewerHaveOne() {
    quickOnes(2);
    dial(6);
    Runnable first = handed.remove();
    Runnable second = handed.remove();
    Runnable third = handed.remove();
    wantProcessors(QUICK);
    wantProcessors(QUICK);
    first.run();
    second.run();
    assertThat(handed).as("three were too many").isEmpty();
    third.run();
    assertThat(handed).hasSize(1);
    handed.remove().run();
    assertThat(handed).as("quick again").hasSize(2);
  }

  @Test
  void whereProcessorsAreWanted_butOthersAreQuick_oneThatTakesLongGivesItsTurnOn() {
    dial(6);
    handed.remove().run();
    Runnable dead = handed.remove();
    handed.remove().run();
    assertThat(handed).hasSize(2);
    wantProcessors(QUICK);
    dead.run();
    assertThat(done).containsExactly(0, 2, 1);
    assertThat(handed).as("beside the dead one's, and in its place").hasSize(3);
  }

  @Test
  void whereProcessorsAreWantedNoMore_aTurnEnds() {
    dial(2);
    wantProcessors(QUICK);
    assertThat(handed).hasSize(1);
    waited.addAndGet(QUICK.dividedBy(2).minusNanos(1).toNanos());
    timer.advance(QUICK);
    assertThat(handed).hasSize(2);
  }

  @Test
  void oneThatWasNotWantedAnyMore_saysNothingOfTheOthers() {
    for (int i = 0; i < 5; i++) {
      turns.add(() -> false);
      assertThat(handed).hasSize(1);
      handed.remove().run();
    }
    dial(2);
    assertThat(handed).hasSize(1);
  }

  @Test
  void oneThatFails_givesItsTurnToTheNext() {
    turns.add(
        () -> {
          throw new IllegalStateException("broken");
        });
    dial(1);
    assertThatThrownBy(() -> handed.remove().run()).hasMessage("broken");
    assertThat(handed).hasSize(1);
  }

  @Test
  void anExecutorThatHasEnded_isNoNewsToWhoWaits() {
    DialTurns ending =
        new DialTurns(
            task -> {
              throw new RejectedExecutionException("ended");
            },
            timer,
            MOST,
            QUICK,
            waited::get);
    assertThatThrownBy(() -> ending.add(() -> true)).hasMessage("ended");
    assertThat(timer.pending()).isZero();
  }

  private void quickOnes(int count) {
    for (int i = 0; i < count; i++) {
      dial(1);
      handed.remove().run();
    }
  }

  /** Somebody waits all the time. */
  private void wantProcessors(Duration time) {
    waited.addAndGet(time.toNanos());
    timer.advance(time);
  }

  private void dial(int count) {
    for (int i = 0; i < count; i++) {
      int number = done.size() + handed.size() + turns.waiting();
      turns.add(() -> done.add(number));
    }
  }
}
