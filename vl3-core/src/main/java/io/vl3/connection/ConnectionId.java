package io.vl3.connection;

import java.util.Objects;
import java.util.UUID;

/**
 * The id of a connection on one hop: chosen by the caller, stable over refreshes.
 *
 * @param value the text as it travels; not blank
 */
public record ConnectionId(String value) {

  /** Refuses a blank id. */
  public ConnectionId {
    Objects.requireNonNull(value, "value");
    if (value.isBlank()) {
      throw new IllegalArgumentException("connection id: blank (expected: text)");
    }
  }

  /** A fresh random id (UUID version 4). */
  public static ConnectionId random() {
    return new ConnectionId(UUID.randomUUID().toString());
  }

  @Override
  public String toString() {
    return value;
  }
}
