package io.vl3.vpp.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The table that VPP sends at connect: which messages it has, with their CRCs and the numbers that
 * they have on this VPP. Immutable.
 */
final class ApiTable {

  private static final int CRC_DIGITS = 8;
  private static final int NAME = 64;

  /** A message of the table. */
  record Entry(int number, String name, String crc) {
    String nameAndCrc() {
      return name + "_" + crc;
    }
  }

  private final Map<String, Entry> byName;
  private final Map<Integer, Entry> byNumber;

  private ApiTable(Map<String, Entry> byName, Map<Integer, Entry> byNumber) {
    this.byName = byName;
    this.byNumber = byNumber;
  }

  /** Reads {@code count} entries; empty if there are fewer. */
  static Optional<ApiTable> read(ByteBuffer in, int count) {
    if (in.remaining() < count * (2 + NAME)) {
      return Optional.empty();
    }
    Map<String, Entry> byName = new HashMap<>();
    Map<Integer, Entry> byNumber = new HashMap<>();
    for (int i = 0; i < count; i++) {
      int number = in.getShort() & 0xffff;
      byte[] octets = new byte[NAME];
      in.get(octets);
      String text = new String(octets, StandardCharsets.US_ASCII);
      int end = text.indexOf('\0');
      entry(number, end < 0 ? text : text.substring(0, end))
          .ifPresent(
              entry -> {
                byName.put(entry.name(), entry);
                byNumber.put(number, entry);
              });
    }
    return Optional.of(new ApiTable(byName, byNumber));
  }

  private static Optional<Entry> entry(int number, String nameAndCrc) {
    int cut = nameAndCrc.length() - CRC_DIGITS - 1;
    return cut > 0 && nameAndCrc.charAt(cut) == '_'
        ? Optional.of(
            new Entry(number, nameAndCrc.substring(0, cut), nameAndCrc.substring(cut + 1)))
        : Optional.empty();
  }

  Optional<Entry> get(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  Optional<Entry> get(int number) {
    return Optional.ofNullable(byNumber.get(number));
  }

  Map<String, Entry> byName() {
    return Collections.unmodifiableMap(byName);
  }
}
