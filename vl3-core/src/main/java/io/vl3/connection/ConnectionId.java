package io.vl3.connection;

import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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

  /** Spelled out, like the hash: without the second compiler the JDK's own for records are slow. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConnectionId that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
