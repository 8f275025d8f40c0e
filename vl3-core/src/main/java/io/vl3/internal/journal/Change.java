package io.vl3.internal.journal;

import java.util.Optional;

/**
 * A change of one key.
 *
 * @param key text without tab and line feed, not empty
 * @param value what the key stands for from now on, without tab and line feed; empty: nothing
 */
public record Change(String key, Optional<String> value) {

  /** Refuses characters that separate. */
  public Change {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("key: empty (expected: text)");
    }
    check("key", key);
    value.ifPresent(text -> check("value", text));
  }

  /** The key stands for the value. */
  public static Change put(String key, String value) {
    return new Change(key, Optional.of(value));
  }

  /** The key stands for nothing any more. */
  public static Change remove(String key) {
    return new Change(key, Optional.empty());
  }

  private static void check(String subject, String text) {
    if (text.indexOf('\t') >= 0 || text.indexOf('\n') >= 0) {
      throw new IllegalArgumentException(
          "%s: %s (expected: no tab and no line feed)".formatted(subject, text));
    }
  }
}
