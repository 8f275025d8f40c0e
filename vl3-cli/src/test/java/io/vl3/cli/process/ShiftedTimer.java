package io.vl3.cli.process;

import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;

/** A clock that is wrong by some time, and goes as fast as another. */
record ShiftedTimer(Timer timer, Duration ahead) implements Timer {

  @Override
  public Instant instant() {
    return timer.instant().plus(ahead);
  }

  @Override
  public Cancellable after(Duration delay, Runnable task) {
    return timer.after(delay, task);
  }
}
