package io.vl3.dist.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * Capabilities that a file may take (capabilities(7)), permitted and not effective: a program that
 * raises none, or is not allowed to, runs without.
 */
record FileCapabilities(Set<Capability> permitted) {

  private static final String HEADER = "SCHILY.xattr.security.capability";
  private static final int REVISION_2 = 0x02000000;

  /** Those that an endpoint needs. */
  enum Capability {
    NET_BIND_SERVICE(10),
    NET_ADMIN(12),
    NET_RAW(13),
    SYS_ADMIN(21);

    private final int number;

    Capability(int number) {
      this.number = number;
    }
  }

  /** The headers of pax that a tar entry carries for them. */
  Map<String, String> paxHeaders() {
    int bits = permitted.stream().mapToInt(one -> 1 << one.number).reduce(0, (a, b) -> a | b);
    ByteBuffer attribute = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    attribute.putInt(REVISION_2).putInt(bits);
    return Map.of(HEADER, text(attribute.array()));
  }

  /** Headers are written in UTF-8, in which bytes below 128 are themselves. */
  private static String text(byte[] attribute) {
    for (byte one : attribute) {
      if (one < 0) {
        throw new IllegalStateException("capabilities: a byte above 127 (expected: none)");
      }
    }
    return new String(attribute, StandardCharsets.US_ASCII);
  }
}
