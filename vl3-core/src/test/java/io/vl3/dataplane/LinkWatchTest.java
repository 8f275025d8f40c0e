package io.vl3.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.LogLines;
import io.vl3.failure.EndpointException;
import io.vl3.time.Deadline;
import io.vl3.time.FakeTimer;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What somebody changes is mended by the next look. */
class LinkWatchTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final FakeTimer timer = new FakeTimer();
  private final FakeDataPlane plane = new FakeDataPlane();
  private final LinkProgram program = new LinkProgram(plane);

  /** As with a thousand links. */
  @Test
  void looksThatTakeLong_areFewer() {
    AtomicInteger looks = new AtomicInteger();
    LinkWatch watch =
        LinkWatch.start(
            program,
            LinkWatch.USUAL,
            TIMEOUT,
            new Slow(timer, new AtomicInteger()),
            look -> {
              looks.incrementAndGet();
              look.run();
            });
    timer.advance(Duration.ofMinutes(1));
    watch.close();
    assertThat(looks).hasValue(2);
  }

  /** By which every step takes 300 ms, and a look 600 ms. */
  private record Slow(FakeTimer timer, AtomicInteger steps) implements Timer {

    @Override
    public Instant instant() {
      return timer.instant().plusMillis(300L * steps.incrementAndGet());
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
      return timer.after(delay, task);
    }
  }

  @Test
  void looksAtItsInterval_mendsAndSaysSo_andNotAfterItsEnd() throws EndpointException {
    plane.mendOnPut();
    program.put(Links.link("a", "10.0.0.1/32"), Deadline.after(TIMEOUT, timer));
    String before = plane.state();
    LinkWatch watch = LinkWatch.start(program, LinkWatch.USUAL, TIMEOUT, timer, Runnable::run);
    try (LogLines log = LogLines.of(LinkWatch.class.getName())) {
      for (int i = 0; i < 2; i++) {
        plane.lose();
        timer.advance(LinkWatch.USUAL);
        assertThat(plane.state()).isEqualTo(before);
        timer.advance(LinkWatch.USUAL);
      }
      assertThat(log.lines())
          .hasSize(2)
          .allMatch(line -> line.startsWith("links changed by somebody and mended: ["));
    }
    watch.close();
    plane.lose();
    timer.advance(Duration.ofMinutes(1));
    assertThat(plane.state()).isNotEqualTo(before);
    assertThat(timer.pending()).isZero();
  }
}
