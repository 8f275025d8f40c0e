package io.vl3.net;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address as an unsigned number of 32 or 128 bits.
 *
 * <p>Text is parsed strictly (no leading zeros in IPv4, no zone) and printed canonically (RFC
 * 5952). Addresses order by family, IPv4 first, then as unsigned numbers. Immutable.
 *
 * @param family the address family
 * @param high the upper 64 bits; 0 for IPv4
 * @param low the lower 64 bits; below 2^32 for IPv4
 */
public record IpAddress(IpFamily family, long high, long low) implements Comparable<IpAddress> {

  /** Refuses bits that the family does not have. */
  public IpAddress {
    Objects.requireNonNull(family, "family");
    if (family == IpFamily.IPV4 && (high != 0 || low >>> 32 != 0)) {
      throw new IllegalArgumentException(
          "address: %x:%x (expected: 32 bits for IPv4)".formatted(high, low));
    }
  }

  /** The IPv4 address with the given 32 bits. */
  public static IpAddress ipv4(int bits) {
    return new IpAddress(IpFamily.IPV4, 0, Integer.toUnsignedLong(bits));
  }

  /** The IPv6 address with the given 128 bits. */
  public static IpAddress ipv6(long high, long low) {
    return new IpAddress(IpFamily.IPV6, high, low);
  }

  /**
   * Parses an address in text form.
   *
   * @throws IllegalArgumentException if the text is no address; the message shows it
   */
  public static IpAddress parse(String text) {
    return tryParse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "address: %s (expected: IPv4 such as 10.0.0.1 or IPv6 such as 2001:db8::1)"
                        .formatted(text)));
  }

  /** Parses an address in text form; empty if the text is none. */
  public static Optional<IpAddress> tryParse(String text) {
    return IpAddressText.parse(text);
  }

  /**
   * The address from its 4 or 16 bytes in network order.
   *
   * @throws IllegalArgumentException for any other length
   */
  public static IpAddress ofBytes(byte[] bytes) {
    return switch (bytes.length) {
      case 4 -> new IpAddress(IpFamily.IPV4, 0, number(bytes, 0, 4));
      case 16 -> new IpAddress(IpFamily.IPV6, number(bytes, 0, 8), number(bytes, 8, 16));
      default ->
          throw new IllegalArgumentException(
              "bytes: %d (expected: 4 for IPv4 or 16 for IPv6)".formatted(bytes.length));
    };
  }

  /** The 4 or 16 bytes in network order. */
  public byte[] toBytes() {
    byte[] bytes = new byte[family.bits() / 8];
    for (int i = 0; i < bytes.length; i++) {
      int shift = (bytes.length - 1 - i) * 8;
      bytes[i] = (byte) (shift >= 64 ? high >>> (shift - 64) : low >>> shift);
    }
    return bytes;
  }

  /**
   * This address plus an unsigned offset.
   *
   * @throws ArithmeticException if the sum leaves the family's range
   */
  public IpAddress plus(long offset) {
    long sum = low + offset;
    boolean carry = Long.compareUnsigned(sum, low) < 0;
    if (family == IpFamily.IPV4 ? (carry || sum >>> 32 != 0) : (carry && high == -1L)) {
      throw new ArithmeticException("address: %s + %d leaves the family".formatted(this, offset));
    }
    return new IpAddress(family, carry ? high + 1 : high, sum);
  }

  /** This address as a prefix of full length: /32 or /128. */
  public IpPrefix toPrefix() {
    return new IpPrefix(this, family.bits());
  }

  /** Spelled out, like the hash: without the second compiler the JDK's own for records are slow. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IpAddress that
        && low == that.low
        && high == that.high
        && family == that.family;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(high) + Long.hashCode(low);
  }

  @Override
  public int compareTo(IpAddress other) {
    int byFamily = family.compareTo(other.family);
    if (byFamily != 0) {
      return byFamily;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** The canonical text (RFC 5952 for IPv6). */
  @Override
  public String toString() {
    return IpAddressText.format(this);
  }

  private static long number(byte[] bytes, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      value = value << 8 | (bytes[i] & 0xff);
    }
    return value;
  }
}
