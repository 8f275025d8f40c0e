package io.vl3.connection;

import java.time.Instant;

/**
 * Proof of who a path segment's component is, with its expiry. The text form hides the value:
 * tokens never reach a log.
 *
 * @param value the token as it travels, a JWT
 * @param expires when it ends
 */
public record Token(String value, Instant expires) {

  @Override
  public String toString() {
    return "Token[expires=" + expires + "]";
  }
}
