package io.vl3.linux.internal;

import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The hardware address of an Ethernet interface.
 *
 * @param bits its 48 bits, the first octet highest
 */
public record MacAddress(long bits) {

  private static final int OCTETS = 6;
  private static final long MASK = (1L << 48) - 1;
  private static final long GROUP = 1L << 40;
  private static final long LOCAL = 2L << 40;

  /** Any address of one station that no manufacturer gave. */
  static MacAddress random() {
    return new MacAddress((ThreadLocalRandom.current().nextLong() & MASK & ~GROUP) | LOCAL);
  }

  /** Six octets; empty if there are more or fewer, as with what is no Ethernet. */
  public static Optional<MacAddress> ofBytes(byte[] octets) {
    if (octets.length != OCTETS) {
      return Optional.empty();
    }
    long bits = 0;
    for (byte octet : octets) {
      bits = (bits << 8) | (octet & 0xff);
    }
    return Optional.of(new MacAddress(bits));
  }

  byte[] toBytes() {
    byte[] octets = new byte[OCTETS];
    for (int i = 0; i < OCTETS; i++) {
      octets[i] = (byte) (bits >> (8 * (OCTETS - 1 - i)));
    }
    return octets;
  }
}
