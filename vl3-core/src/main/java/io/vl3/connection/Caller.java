package io.vl3.connection;

import org.jspecify.annotations.Nullable;

/**
 * Who made a call, as the transport knows it. A connection id belongs to the identity that made it.
 *
 * @param identity a SPIFFE ID, {@code uid:N} for the peer of a unix socket, or {@link #ANONYMOUS}'s
 */
public record Caller(String identity) {

  /** A caller over a transport that knows nobody (TCP without TLS, in-process). */
  public static final Caller ANONYMOUS = new Caller("anonymous");

  /** This process itself: timers, heal, prefix changes. */
  public static final Caller SELF = new Caller("self");

  /** Spelled out, like the hash: without the second compiler the JDK's own for records are slow. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Caller that && identity.equals(that.identity);
  }

  @Override
  public int hashCode() {
    return identity.hashCode();
  }

  @Override
  public String toString() {
    return identity;
  }
}
