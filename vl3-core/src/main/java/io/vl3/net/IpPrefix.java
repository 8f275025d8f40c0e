package io.vl3.net;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network prefix: the addresses that share its first {@code length} bits. Host bits are zero.
 *
 * <p>Prefixes order by their first address, then shorter first. Immutable.
 *
 * @param address the first address
 * @param length the length in bits, 0 to 32 or 128
 */
public record IpPrefix(IpAddress address, int length) implements Comparable<IpPrefix> {

  /** Refuses host bits and lengths out of range. */
  public IpPrefix {
    Objects.requireNonNull(address, "address");
    checkLength(address.family(), length);
    if (!mask(address, length).equals(address)) {
      throw new IllegalArgumentException(
          "prefix: %s/%d (expected: no host bits, as in %s/%d)"
              .formatted(address, length, mask(address, length), length));
    }
  }

  /** The prefix of the given length around an address; its host bits are masked. */
  public static IpPrefix containing(IpAddress address, int length) {
    checkLength(address.family(), length);
    return new IpPrefix(mask(address, length), length);
  }

  /**
   * Parses {@code address/length} strictly, as configuration is read.
   *
   * @throws IllegalArgumentException if the text is no prefix or has host bits; the message shows
   *     it
   */
  public static IpPrefix parse(String text) {
    InterfaceAddress parsed = InterfaceAddress.parseAs("prefix", text);
    return new IpPrefix(parsed.address(), parsed.length());
  }

  /** Parses {@code address/length} strictly; empty if the text is no prefix or has host bits. */
  public static Optional<IpPrefix> tryParse(String text) {
    return InterfaceAddress.tryParse(text)
        .filter(a -> mask(a.address(), a.length()).equals(a.address()))
        .map(InterfaceAddress::network);
  }

  /**
   * Parses a prefix as it comes from the wire: host bits are masked, and a bare address is a prefix
   * of full length.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  public static IpPrefix parseLenient(String text) {
    return InterfaceAddress.parseAs("prefix", text).network();
  }

  /** The address family. */
  public IpFamily family() {
    return address.family();
  }

  /** The first address: the network's own. */
  public IpAddress first() {
    return address;
  }

  /** The last address: for IPv4 the network's broadcast address. */
  public IpAddress last() {
    int hostBits = family().bits() - length;
    long low = address.low() | lowMask(Math.min(hostBits, 64));
    long high = hostBits > 64 ? address.high() | lowMask(hostBits - 64) : address.high();
    return new IpAddress(family(), high, low);
  }

  /** Whether the address lies inside. */
  public boolean contains(IpAddress other) {
    return other.family() == family() && mask(other, length).equals(address);
  }

  /** Whether the other prefix is this one or lies inside it. */
  public boolean contains(IpPrefix other) {
    return other.length >= length && contains(other.address);
  }

  /** Whether any address lies in both. */
  public boolean overlaps(IpPrefix other) {
    return contains(other) || other.contains(this);
  }

  /**
   * The {@code index}-th sub-prefix of the given length, counted from 0.
   *
   * @throws IllegalArgumentException if the length or the index is out of range
   */
  public IpPrefix subPrefix(int subLength, long index) {
    checkLength(family(), subLength);
    int indexBits = subLength - length;
    if (indexBits < 0) {
      throw new IllegalArgumentException(
          "length: %d (expected: %d..%d inside %s)"
              .formatted(subLength, length, family().bits(), this));
    }
    if (index < 0 || (indexBits < 63 && index >>> indexBits != 0)) {
      throw new IllegalArgumentException(
          "index: %d (expected: 0..%d for a /%d inside %s)"
              .formatted(index, (1L << Math.min(indexBits, 62)) - 1, subLength, this));
    }
    int shift = family().bits() - subLength;
    long low = shift >= 64 ? 0 : index << shift;
    long high = shift >= 64 ? (shift == 128 ? 0 : index << (shift - 64)) : shiftedOut(index, shift);
    return new IpPrefix(
        new IpAddress(family(), address.high() | high, address.low() | low), subLength);
  }

  /** Spelled out, like the hash: without the second compiler the JDK's own for records are slow. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IpPrefix that && length == that.length && address.equals(that.address);
  }

  @Override
  public int hashCode() {
    return 31 * address.hashCode() + length;
  }

  @Override
  public int compareTo(IpPrefix other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
  }

  /** {@code address/length}. */
  @Override
  public String toString() {
    return address + "/" + length;
  }

  static void checkLength(IpFamily family, int length) {
    if (length < 0 || length > family.bits()) {
      throw new IllegalArgumentException(
          "length: %d (expected: 0..%d for %s)".formatted(length, family.bits(), family));
    }
  }

  static IpAddress mask(IpAddress address, int length) {
    int hostBits = address.family().bits() - length;
    long low = address.low() & ~lowMask(Math.min(hostBits, 64));
    long high = hostBits > 64 ? address.high() & ~lowMask(hostBits - 64) : address.high();
    return new IpAddress(address.family(), high, low);
  }

  /** The lowest {@code bits} bits set; shifts by 64 shift nothing, so both ends are cases. */
  private static long lowMask(int bits) {
    return bits == 0 ? 0 : -1L >>> (64 - bits);
  }

  private static long shiftedOut(long value, int shift) {
    return shift == 0 ? 0 : value >>> (64 - shift);
  }
}
