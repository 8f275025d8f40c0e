package io.vl3.grpc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times are read as the JDK reads them. */
class TimesTest {

  private static final int TRIALS = 20_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-12-01T12:53:00Z",
        "2026-12-01T12:53:00.1Z",
        "2026-12-01T12:53:00.123456789Z",
        "2026-12-01T12:53:00.Z",
        "2024-02-29T23:59:59.999999999Z",
        "2026-12-01T24:00:00Z",
        "2016-12-31T23:59:60Z",
        "0000-01-01T00:00:00Z",
        "+12026-12-01T12:53:00Z",
        "-0001-12-01T12:53:00Z",
        "2026-12-01T12:53:00+01:00"
      })
  void parse_whatTheJdkReads_isRead(String text) {
    assertThat(Times.parse(text)).isEqualTo(Instant.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2026-02-30T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-12-01T12:61:00Z",
        "2026-12-01 12:53:00Z",
        "2026-12-01T12:53:00.1234567890Z",
        "2026-12-01T12:53:00.12x4Z",
        "+026-12-01T12:53:00Z",
        "2026-12-01T12:53:00"
      })
  void parse_whatTheJdkRefuses_isRefused(String text) {
    assertThatThrownBy(() -> Times.parse(text)).isInstanceOf(DateTimeException.class);
  }

  @Test
  void parse_texts_areReadAsTheJdkReadsThem() {
    Random random = new Random(16);
    for (int i = 0; i < TRIALS; i++) {
      Instant time =
          Instant.ofEpochSecond(
              random.nextInt(), random.nextBoolean() ? 0 : random.nextInt(1_000_000_000));
      StringBuilder text = new StringBuilder(time.toString());
      for (int changes = random.nextInt(3); changes > 0; changes--) {
        text.setCharAt(
            random.nextInt(text.length()), "0123456789-:T.Z+".charAt(random.nextInt(16)));
      }
      assertThat(read(Times::parse, text.toString()))
          .as("%s", text)
          .isEqualTo(read(Instant::parse, text.toString()));
    }
  }

  private static Optional<Instant> read(Function<String, Instant> by, String text) {
    try {
      return Optional.of(by.apply(text));
    } catch (DateTimeException malformed) {
      return Optional.empty();
    }
  }
}
