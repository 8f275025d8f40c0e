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
import org.junit.jupiter.api.Test;

class DialTurnsTest {

  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final FakeTimer timer = new FakeTimer();
  private final Deque<Runnable> handed = new ArrayDeque<>();
  private final List<Integer> done = new ArrayList<>();
  private final DialTurns turns = new DialTurns(handed::add, timer, 2, LONGEST);

  @Test
  void soManyAtATime_inTheOrderInWhichTheyCame() {
    dial(5);
    while (!handed.isEmpty()) {
      assertThat(handed).hasSizeLessThanOrEqualTo(2);
      handed.remove().run();
    }
    assertThat(done).containsExactly(0, 1, 2, 3, 4);
    assertThat(turns.waiting()).isZero();
  }

  @Test
  void oneThatTakesLong_givesItsTurnToTheNext_andNotTwice() {
    dial(5);
    assertThat(handed).hasSize(2);
    timer.advance(LONGEST);
    assertThat(handed).hasSize(4);
    handed.remove().run(); // its turn is over since
    assertThat(handed).hasSize(3);
    handed.remove();
    handed.remove().run();
    assertThat(done).containsExactly(0, 2);
    assertThat(turns.waiting()).isZero();
    assertThat(handed).hasSize(2);
  }

  @Test
  void oneThatFails_givesItsTurnToTheNext() {
    turns.execute(
        () -> {
          throw new IllegalStateException("broken");
        });
    dial(2);
    assertThatThrownBy(() -> handed.remove().run()).hasMessage("broken");
    assertThat(handed).hasSize(2);
  }

  @Test
  void anExecutorThatHasEnded_isNoNewsToWhoWaits() {
    DialTurns ending =
        new DialTurns(
            task -> {
              throw new RejectedExecutionException("ended");
            },
            timer,
            1,
            LONGEST);
    assertThatThrownBy(() -> ending.execute(() -> {})).hasMessage("ended");
    assertThat(timer.pending()).isZero();
  }

  private void dial(int count) {
    for (int i = 0; i < count; i++) {
      int number = i;
      turns.execute(() -> done.add(number));
    }
  }
}
