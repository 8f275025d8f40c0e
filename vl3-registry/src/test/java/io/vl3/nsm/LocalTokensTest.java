package io.vl3.nsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Token;
import io.vl3.time.FakeTimer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalTokensTest {

  private final FakeTimer timer = new FakeTimer();
  private final LocalTokens tokens = new LocalTokens("nse\"1", timer, Duration.ofSeconds(60));

  @Test
  void aToken_isAJwtWithSubjectAndExpiry() {
    Token token = tokens.token();
    List<String> parts = List.of(token.value().split("\\.", -1));
    assertThat(decoded(parts.get(0))).isEqualTo("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    assertThat(decoded(parts.get(1)))
        .isEqualTo(
            "{\"sub\":\"nse\\u00221\",\"exp\":%d}".formatted(token.expires().getEpochSecond()));
    assertThat(Base64.getUrlDecoder().decode(parts.get(2))).hasSize(32);
    assertThat(token.expires()).isEqualTo(timer.instant().plusSeconds(60));
  }

  @Test
  void aToken_isUsedAgain_untilHalfItsLifeIsOver() {
    Token first = tokens.token();
    timer.advance(Duration.ofSeconds(29));
    assertThat(tokens.token()).isSameAs(first);
    timer.advance(Duration.ofSeconds(1));
    assertThat(tokens.token().expires()).isEqualTo(timer.instant().plusSeconds(60));
  }

  @Test
  void anotherSource_signsWithAnotherSecret() {
    assertThat(new LocalTokens("nse\"1", timer, Duration.ofSeconds(60)).token())
        .isNotEqualTo(tokens.token());
  }

  @Test
  void aLifetimeBelowASecond_isRefused() {
    assertThatThrownBy(() -> new LocalTokens("s", timer, Duration.ofMillis(1)))
        .hasMessageStartingWith("lifetime: PT0.001S");
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }
}
