package io.vl3.connection;

import io.vl3.internal.memory.SharedTexts;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Proof of who a path segment's component is, with its expiry. The text form hides the value:
 * tokens never reach a log.
 *
 * <p>There are as many as there are segments of connections, and what a component signs within a
 * second for the same reader is the same text: so that is kept once, and of each its signature.
 */
public final class Token {

  private static final char BEFORE_SIGNATURE = '.';

  private static final int MOST_ENDS = 64;

  /** Without proof, each in a place of its end's: our own token is in every path. */
  private static final AtomicReferenceArray<Token> ENDS = new AtomicReferenceArray<>(MOST_ENDS);

  private final String signed;
  private final String signature;

  /** When it ends, in two numbers: they take less than an instant. */
  private final long second;

  private final int nanos;

  /**
   * A token.
   *
   * @param value the token as it travels, a JWT
   * @param expires when it ends
   */
  @SuppressWarnings("JavaInstantGetSecondsGetNano") // both are kept
  public Token(String value, Instant expires) {
    int end = value.lastIndexOf(BEFORE_SIGNATURE) + 1;
    this.signed = SharedTexts.ofProcess().shared(value, end);
    this.signature = value.substring(end);
    this.second = expires.getEpochSecond();
    this.nanos = expires.getNano();
  }

  /** The token as it travels. */
  public String value() {
    return signed.concat(signature);
  }

  /** This token without its text, which proves nothing any more: only when it ends is left. */
  public Token withoutProof() {
    if (!isProof()) {
      return this;
    }
    int place = (Long.hashCode(second) ^ nanos) & MOST_ENDS - 1;
    Token known = ENDS.get(place);
    if (known != null && known.second == second && known.nanos == nanos) {
      return known;
    }
    Token made = new Token("", expires());
    ENDS.set(place, made);
    return made;
  }

  /** Whether it has a text. */
  boolean isProof() {
    return !signature.isEmpty() || !signed.isEmpty();
  }

  /** When it ends. */
  public Instant expires() {
    return Instant.ofEpochSecond(second, nanos);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Token that
        && signature.equals(that.signature)
        && signed.equals(that.signed)
        && second == that.second
        && nanos == that.nanos;
  }

  @Override
  public int hashCode() {
    return signature.hashCode();
  }

  @Override
  public String toString() {
    return "Token[expires=" + expires() + "]";
  }
}
