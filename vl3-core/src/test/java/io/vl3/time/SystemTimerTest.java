package io.vl3.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemTimerTest {

  private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
  private final SystemTimer timer = new SystemTimer(scheduler);

  @AfterEach
  void stop() {
    scheduler.shutdownNow();
  }

  @Test
  void whatIsCalledOff_isHeldNoLonger() {
    List<Timer.Cancellable> tasks = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      tasks.add(timer.after(Duration.ofMinutes(10), () -> {}));
    }
    assertThat(scheduler.getQueue()).hasSize(1000);
    tasks.forEach(Timer.Cancellable::cancel);
    assertThat(scheduler.getQueue()).isEmpty();
  }

  @Test
  void afterShutdown_nothingIsPlanned() {
    scheduler.shutdownNow();
    timer.after(Duration.ZERO, () -> {}).cancel();
    assertThat(scheduler.getQueue()).isEmpty();
  }
}
