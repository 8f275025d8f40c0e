package io.vl3.nsm;

import io.vl3.connection.Token;
import io.vl3.connection.TokenSource;
import io.vl3.time.Timer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens for transports without TLS (JWT, RFC 7519; HS256 with a secret that this object draws and
 * nobody else has): peers need the expiry and do not check the signature. A token is used again
 * until half of its life is over. Thread-safe.
 */
public final class LocalTokens implements TokenSource {

  private static final String HEADER = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
  private static final int SECRET_BYTES = 32;

  private final String subject;
  private final Timer timer;
  private final Duration lifetime;
  private final Duration half;
  private final SecretKeySpec secret;
  private volatile Optional<Token> last = Optional.empty();

  /**
   * A source of tokens.
   *
   * @param subject who they are for, such as {@code spiffe://vl3.local/nse-1}
   * @param timer the clock of expiry
   * @param lifetime how long each token lasts; at least 2 s, as expiry counts whole seconds
   */
  public LocalTokens(String subject, Timer timer, Duration lifetime) {
    if (lifetime.compareTo(Duration.ofSeconds(2)) < 0) {
      throw new IllegalArgumentException("lifetime: " + lifetime + " (expected: at least PT2S)");
    }
    this.subject = subject;
    this.timer = timer;
    this.lifetime = lifetime;
    this.half = lifetime.dividedBy(2);
    byte[] drawn = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(drawn);
    this.secret = new SecretKeySpec(drawn, "HmacSHA256");
  }

  @Override
  public Token token() {
    Instant now = timer.instant();
    Optional<Token> known = last.filter(token -> isYoung(token, now));
    if (known.isPresent()) {
      return known.get();
    }
    Token made = make(now.plus(lifetime));
    last = Optional.of(made);
    return made;
  }

  private boolean isYoung(Token token, Instant now) {
    return now.isBefore(token.expires().minus(half));
  }

  private Token make(Instant expires) {
    Instant wholeSecond = Instant.ofEpochSecond(expires.getEpochSecond());
    String claims =
        "{\"sub\":\"%s\",\"exp\":%d}".formatted(escaped(subject), wholeSecond.getEpochSecond());
    String signed = HEADER + "." + encode(claims);
    return new Token(signed + "." + signature(signed), wholeSecond);
  }

  private String signature(String signed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(secret);
      return encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("HmacSHA256, which every JDK has", impossible);
    }
  }

  /** As JSON writes text. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\' || c < ' ') {
        escaped.append("\\u%04x".formatted((int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
