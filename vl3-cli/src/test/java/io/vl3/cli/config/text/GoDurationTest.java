package io.vl3.cli.config.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times are read as Go reads them. */
class GoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "+0, PT0S",
    "15s, PT15S",
    "+5s, PT5S",
    "1h30m, PT1H30M",
    "1.5h, PT1H30M",
    "500000us, PT0.5S",
    "500µs, PT0.0005S",
    "500μs, PT0.0005S",
    "1ns, PT0.000000001S",
    ".5s, PT0.5S",
    "1.s, PT1S",
    "1200ms, PT1.2S",
    "3.4ms, PT0.0034S",
    "1m0.25s, PT1M0.25S",
    "1s1h, PT1H1S",
    "0.000000001s, PT0.000000001S",
    "0s, PT0S"
  })
  void whatGoTakes_isTaken(String text, Duration expected) {
    assertThat(GoDuration.tryParse(text)).as(text).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "s",
        ".",
        ".s",
        "+",
        "-5s",
        "1 h",
        "1h ",
        "1d",
        "1.2.3s",
        "1e3s",
        "++1s",
        "1,5h",
        "1H",
        "0x1s",
        "1hm",
        "9999999999999h"
      })
  void whatGoRefuses_isRefused(String text) {
    assertThat(GoDuration.tryParse(text)).as(text).isEmpty();
  }

  @Test
  void everyTimeThatIsPrinted_isReadAsItself() {
    for (long millis : new long[] {0, 1, 999, 1000, 60_000, 61_001, 3_600_000, 5_400_250}) {
      Duration time = Duration.ofMillis(millis);
      assertThat(GoDuration.tryParse(Parsers.time(time))).as(Parsers.time(time)).contains(time);
    }
  }
}
