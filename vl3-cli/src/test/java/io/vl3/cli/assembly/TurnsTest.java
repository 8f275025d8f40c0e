package io.vl3.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private final Deque<Runnable> handed = new ArrayDeque<>();
  private final List<Integer> done = new ArrayList<>();

  @Test
  void soManyAtATime_inTheOrderInWhichTheyCame() {
    Turns turns = new Turns(handed::add, 2);
    for (int i = 0; i < 5; i++) {
      int number = i;
      turns.take(() -> done.add(number));
    }
    while (!handed.isEmpty()) {
      assertThat(handed).hasSizeLessThanOrEqualTo(2);
      handed.remove().run();
    }
    assertThat(done).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void whoFails_handsTheTurnOn() {
    Turns turns = new Turns(handed::add, 1);
    turns.take(
        () -> {
          throw new IllegalStateException("broken");
        });
    turns.take(() -> done.add(1));
    assertThatThrownBy(() -> handed.remove().run()).hasMessage("broken");
    handed.remove().run();
    assertThat(done).containsExactly(1);
    turns.take(() -> done.add(2));
    handed.remove().run();
    assertThat(done).containsExactly(1, 2);
  }

  @Test
  void anExecutorThatHasEnded_takesNoTurn() {
    Turns turns =
        new Turns(
            task -> {
              throw new RejectedExecutionException("ended");
            },
            1);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> turns.take(() -> {})).hasMessage("ended");
    }
  }
}
