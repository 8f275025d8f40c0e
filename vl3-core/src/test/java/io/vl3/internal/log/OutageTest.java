package io.vl3.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.vl3.LogLines;
import io.vl3.health.Event;
import io.vl3.health.HealthBoard;
import io.vl3.health.HealthCode;
import io.vl3.health.HealthItem;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageTest {

  private final LogLines log = LogLines.of("outage");
  private final FakeTimer timer = new FakeTimer();
  private final Outage outage = new Outage(LoggerFactory.getLogger("outage"), timer);

  @AfterEach
  void stop() {
    log.close();
  }

  @Test
  void eachCause_isToldOnce_alsoIfTheyTakeTurns() {
    outage.failed("a: away");
    outage.failed("a: denied");
    outage.failed("a: away");
    outage.failed("a: denied");
    assertThat(log.lines(Level.WARN)).containsExactly("a: away", "a: denied");
  }

  @Test
  void anotherNumber_isNoOtherCause() {
    outage.failed("a: no answer in 4.999 s");
    outage.failed("a: no answer in 5.001 s");
    assertThat(log.lines(Level.WARN)).containsExactly("a: no answer in 4.999 s");
  }

  @Test
  void theEnd_isToldOnce_andTheNextOutageAnew() {
    outage.ended("a: there");
    outage.failed("a: away");
    outage.ended("a: there");
    outage.ended("a: there");
    outage.failed("a: away");
    assertThat(log.lines()).containsExactly("a: away", "a: there after 0.0 s", "a: away");
  }

  @Test
  void theEnd_isToldAtTheLevelOfTheBeginning_withHowLongItTook() {
    outage.failed("a: away");
    timer.advance(Duration.ofMillis(11_260));
    outage.failed("a: denied");
    timer.advance(Duration.ofSeconds(1));
    assertThat(outage.isOn()).isTrue();
    outage.ended("a: there");
    assertThat(outage.isOn()).isFalse();
    outage.failed("a: away");
    timer.advance(Duration.ofMinutes(3));
    outage.ended("a: there");
    assertThat(log.lines(Level.WARN))
        .containsExactly(
            "a: away", "a: denied", "a: there after 12.2 s", "a: away", "a: there after 180 s");
  }

  @Test
  void linesMayGoElsewhere() {
    List<String> loud = new ArrayList<>();
    Outage printed = new Outage(loud::add, line -> {}, timer);
    printed.failed("a: away");
    printed.failed("a: away");
    printed.ended("a: there");
    assertThat(loud).containsExactly("a: away", "a: there after 0.0 s");
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void oneThatWordsEachAttemptAnew_isSilencedInTheEnd() {
    Stream.iterate("x", x -> x + "x").limit(100).forEach(outage::failed);
    assertThat(log.lines(Level.WARN)).hasSize(20);
    outage.ended("a: there");
    assertThat(log.lines()).hasSize(21).last().isEqualTo("a: there after 0.0 s");
  }

  @Test
  void whatIsReported_lastsAsLongAsTheOutage_withItsLatestCause() {
    HealthBoard board = new HealthBoard(timer);
    Outage reported =
        outage.reportedTo(board.reporter().of("nse-a"), HealthCode.PEER_DOWN, "nse-b");
    var began = timer.instant();
    reported.failed("b: away for 3 s");
    timer.advance(Duration.ofSeconds(2));
    reported.failed("b: away for 5 s");
    reported.failed("b: denied");
    assertThat(board.items())
        .containsExactly(
            new HealthItem(
                HealthCode.PEER_DOWN, "nse-a", "nse-b", Optional.of(began), "b: denied"));
    reported.ended("b: there");
    reported.ended("b: there");
    assertThat(board.items()).isEmpty();
    assertThat(board.events(0).stream().map(Event::text))
        .containsExactly("b: away for 3 s", "b: denied", "b: there after 2.0 s");
  }
}
