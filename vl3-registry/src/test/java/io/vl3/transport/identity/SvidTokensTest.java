package io.vl3.transport.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.spiffe.svid.x509svid.X509Svid;
import io.vl3.connection.Token;
import io.vl3.time.FakeTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SvidTokensTest {

  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final Optional<String> PEER = Optional.of("spiffe://test/peer");

  private final FakeTimer timer = new FakeTimer();
  private final TestAuthority authority = new TestAuthority("test");
  private final X509Svid svid = authority.issue("/nse", Duration.ofHours(1));
  private final SvidTokens tokens = new SvidTokens(timer, LIFE);

  SvidTokensTest() {
    timer.advance(Duration.between(timer.instant(), Instant.now()));
  }

  @Test
  void aToken_tellsWhoWeAre_whoItIsFor_andIsSignedByTheSvid() {
    ReadToken read = read(tokens.token(svid, PEER));
    assertThat(read.subject()).isEqualTo("spiffe://test/nse");
    assertThat(read.audience()).containsExactly("spiffe://test/peer");
    assertThat(read.isSignedBy(svid.getLeaf())).isTrue();
    assertThat(read.isSignedBy(authority.issue("/nse", LIFE).getLeaf())).isFalse();
  }

  @Test
  void aToken_isUsedAgainForItsPeer_untilHalfOfItsLifeIsOver() {
    Token first = tokens.token(svid, PEER);
    timer.advance(LIFE.dividedBy(2).minusSeconds(1));
    assertThat(tokens.token(svid, PEER)).isSameAs(first);
    assertThat(tokens.token(svid, Optional.of("spiffe://test/other"))).isNotEqualTo(first);
    timer.advance(Duration.ofSeconds(2));
    assertThat(tokens.token(svid, PEER).expires()).isAfter(first.expires());
  }

  @Test
  void noToken_outlivesItsSvid() {
    X509Svid ending = authority.issue("/nse", Duration.ofMinutes(2));
    Token token = tokens.token(ending, PEER);
    assertThat(token.expires())
        .isBeforeOrEqualTo(ending.getLeaf().getNotAfter().toInstant())
        .isEqualTo(read(token).expires());
    assertThat(tokens.token(svid, PEER).expires()).isBeforeOrEqualTo(timer.instant().plus(LIFE));
  }

  @Test
  void anotherSvid_hasTokensOfItsOwn() {
    Token first = tokens.token(svid, PEER);
    X509Svid rotated = authority.issue("/nse", Duration.ofHours(1));
    Token second = tokens.token(rotated, PEER);
    assertThat(read(second).isSignedBy(rotated.getLeaf())).isTrue();
    assertThat(tokens.token(svid, PEER)).isSameAs(first);
  }

  private static ReadToken read(Token token) {
    return ReadToken.parse(token.value()).orElseThrow();
  }
}
