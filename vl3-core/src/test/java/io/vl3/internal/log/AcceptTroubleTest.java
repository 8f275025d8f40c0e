package io.vl3.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.LogLines;
import io.vl3.time.FakeTimer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AcceptTroubleTest {

  private final LogLines log = LogLines.of("accepting");
  private final FakeTimer timer = new FakeTimer();
  private final AcceptTrouble trouble =
      new AcceptTrouble("socket: connections", LoggerFactory.getLogger("accepting"), timer);

  @AfterEach
  void stop() {
    trouble.close();
    log.close();
    assertThat(timer.pending()).isZero();
  }

  @Test
  void pauses_doubleUpToASecond_andAreShortAgainAfterASuccess() {
    List<Long> pauses = Stream.generate(this::failed).limit(8).toList();
    assertThat(pauses).containsExactly(50L, 100L, 200L, 400L, 800L, 1000L, 1000L, 1000L);
    trouble.worked();
    assertThat(failed()).isEqualTo(50);
  }

  @Test
  void manyFailures_areOneLine_andOneAtTheEnd() {
    for (int i = 0; i < 1000; i++) {
      timer.advance(Duration.ofMillis(failed()));
    }
    Duration lasted = Duration.between(Instant.parse("2026-01-01T00:00:00Z"), timer.instant());
    trouble.worked();
    timer.advance(AcceptTrouble.QUIET);
    assertThat(log.lines())
        .containsExactly(
            "socket: connections cannot be taken: Too many open files; tried again after a pause",
            "socket: connections are taken again after %d s".formatted(lasted.toSeconds()));
  }

  @Test
  void aSuccessNowAndThen_isNotTheEnd() {
    for (int i = 0; i < 100; i++) {
      failed();
      trouble.worked();
      timer.advance(AcceptTrouble.QUIET.minusMillis(1));
    }
    assertThat(log.lines()).hasSize(1);
    timer.advance(Duration.ofMillis(1));
    assertThat(log.lines()).hasSize(2);
    failed();
    assertThat(log.lines()).hasSize(3);
  }

  @Test
  void withoutTrouble_nothingIsSaid() {
    trouble.worked();
    assertThat(timer.pending()).isZero();
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void aPause_endsWithItsTime_orWithTheClose() throws Exception {
    CompletableFuture<Void> first = pausing();
    timer.advance(AcceptTrouble.FIRST_PAUSE);
    first.get(60, TimeUnit.SECONDS);
    CompletableFuture<Void> second = pausing();
    trouble.close();
    second.get(60, TimeUnit.SECONDS);
    trouble.pauseAfter(full());
  }

  private CompletableFuture<Void> pausing() {
    CompletableFuture<Void> ended =
        CompletableFuture.runAsync(
            () -> {
              try {
                trouble.pauseAfter(full());
              } catch (InterruptedException unexpected) {
                throw new AssertionError(unexpected);
              }
            });
    while (timer.pending() == 0) {
      Thread.onSpinWait();
    }
    return ended;
  }

  private long failed() {
    return trouble.failed(full()).toMillis();
  }

  private static IOException full() {
    return new IOException("Too many open files");
  }
}
