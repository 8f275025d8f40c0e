package io.vl3.net;

import java.util.Objects;
import java.util.Optional;

/**
 * An address as an interface carries it: with the length of its network. Host bits are allowed.
 *
 * @param address the address
 * @param length the network's length in bits, 0 to 32 or 128
 */
public record InterfaceAddress(IpAddress address, int length) {

  /** Refuses lengths out of range. */
  public InterfaceAddress {
    Objects.requireNonNull(address, "address");
    IpPrefix.checkLength(address.family(), length);
  }

  /** The address alone on its network: /32 or /128. */
  public static InterfaceAddress host(IpAddress address) {
    return new InterfaceAddress(address, address.family().bits());
  }

  /**
   * Parses {@code address/length}; a bare address has full length.
   *
   * @throws IllegalArgumentException if the text is neither; the message shows it
   */
  public static InterfaceAddress parse(String text) {
    return parseAs("address", text);
  }

  /**
   * Parses {@code address/length}; a bare address has full length; empty if the text is neither.
   */
  public static Optional<InterfaceAddress> tryParse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return IpAddress.tryParse(text).map(InterfaceAddress::host);
    }
    int bits = IpAddressText.octet(text.substring(slash + 1));
    return IpAddress.tryParse(text.substring(0, slash))
        .filter(address -> bits >= 0 && bits <= address.family().bits())
        .map(address -> new InterfaceAddress(address, bits));
  }

  static InterfaceAddress parseAs(String subject, String text) {
    return tryParse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s: %s (expected: address/length such as 10.60.0.0/16 or 2001:db8::/64)"
                        .formatted(subject, text)));
  }

  /** The network that the address lies in. */
  public IpPrefix network() {
    return IpPrefix.containing(address, length);
  }

  /** The address family. */
  public IpFamily family() {
    return address.family();
  }

  /** {@code address/length}. */
  @Override
  public String toString() {
    return address + "/" + length;
  }
}
