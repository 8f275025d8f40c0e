package io.vl3.transport.internal.unix;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.LogLines;
import io.vl3.time.FakeTimer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StrangersTest {

  private final FakeTimer timer = new FakeTimer();

  @Test
  void manyThatCome_areOneLine_andTheirEndIsOne_withTheTimeBetweenFirstAndLast() {
    try (LogLines log = LogLines.of(Strangers.class.getName());
        Strangers strangers = new Strangers(Path.of("/run/x.sock"), timer)) {
      for (int i = 0; i < 4; i++) {
        strangers.turnedAway();
        timer.advance(Duration.ofSeconds(30));
      }
      timer.advance(Strangers.CALM);
      strangers.turnedAway();
      assertThat(log.lines())
          .containsExactly(
              "/run/x.sock: a peer of another user was turned away",
              "/run/x.sock: peers of another user come no more after 90 s",
              "/run/x.sock: a peer of another user was turned away");
    }
    assertThat(timer.pending()).isZero();
  }
}
