package io.vl3.vpp.api;

import java.util.Arrays;
import java.util.HexFormat;

/** Octets of a message that are no text: an address, a MAC, opaque data. Immutable. */
public final class ApiBytes {

  private final byte[] octets;

  private ApiBytes(byte[] octets) {
    this.octets = octets;
  }

  /** A copy of octets. */
  public static ApiBytes of(byte... octets) {
    return new ApiBytes(octets.clone());
  }

  /** How many octets there are. */
  public int size() {
    return octets.length;
  }

  /** A copy. */
  public byte[] toArray() {
    return octets.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ApiBytes its && Arrays.equals(octets, its.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  /** Hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(octets);
  }
}
