package io.vl3.vpp.internal;

import io.vl3.endpoint.Reason;
import java.util.Optional;

/**
 * Reads the agent's list of failures: {@code KeyErrors: [KEY (OPERATION): ERROR, KEY ...]}. What an
 * error says is free text, so a key is looked for rather than the list taken apart.
 */
final class KeyErrors {

  private static final String KEY_BEGIN = ", config/";

  private KeyErrors() {}

  /** The error of a key; empty if the list does not name it. */
  static Optional<String> of(String message, String key) {
    int begin = message.indexOf(key + " (");
    int text = begin < 0 ? -1 : message.indexOf("): ", begin);
    if (text < 0) {
      return Optional.empty();
    }
    String rest = message.substring(text + "): ".length());
    int next = rest.indexOf(KEY_BEGIN);
    String own = next < 0 ? rest : rest.substring(0, next);
    return Optional.of(own.endsWith("]") && next < 0 ? own.substring(0, own.length() - 1) : own);
  }

  /** Why, coded: what the agent's words give away. */
  static Reason reason(String error) {
    if (error.contains("invalid") || error.contains("must ")) {
      return Reason.INVALID;
    }
    return error.contains("exist (-81)") || error.contains("already")
        ? Reason.CONFLICT
        : Reason.UNAVAILABLE;
  }
}
