package io.vl3.internal.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Changes that take effect together, as bytes: length of the payload, CRC-32C over length and
 * payload, payload. The payload is a version byte and text, a line per change.
 */
final class JournalRecord {

  static final int MAX_PAYLOAD = 1 << 20;

  private static final int HEAD = 2 * Integer.BYTES;
  private static final byte VERSION = 1;

  private JournalRecord() {}

  static ByteBuffer encode(List<Change> changes) {
    StringBuilder text = new StringBuilder();
    for (Change change : changes) {
      text.append(change.value().isPresent() ? '+' : '-').append(change.key());
      change.value().ifPresent(value -> text.append('\t').append(value));
      text.append('\n');
    }
    byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
    int length = utf8.length + 1;
    if (length > MAX_PAYLOAD) {
      throw new IllegalArgumentException(
          "record: %d bytes (expected: at most %d)".formatted(length, MAX_PAYLOAD));
    }
    ByteBuffer record = ByteBuffer.allocate(HEAD + length);
    record.putInt(length).putInt(0).put(VERSION).put(utf8);
    record.putInt(Integer.BYTES, checksum(record, 0, length));
    return record.rewind().asReadOnlyBuffer();
  }

  /**
   * Reads the record at the buffer's position and moves past it.
   *
   * @return empty, and the position unmoved, if there is no whole one
   * @throws UnsupportedOperationException for a whole one of another version
   */
  static Optional<List<Change>> decode(ByteBuffer bytes) {
    int start = bytes.position();
    if (bytes.remaining() < HEAD) {
      return Optional.empty();
    }
    int length = bytes.getInt(start);
    if (length < 1 || length > MAX_PAYLOAD || length > bytes.remaining() - HEAD) {
      return Optional.empty();
    }
    if (bytes.getInt(start + Integer.BYTES) != checksum(bytes, start, length)) {
      return Optional.empty();
    }
    byte version = bytes.get(start + HEAD);
    if (version != VERSION) {
      throw new UnsupportedOperationException(
          "version: %d (expected: %d)".formatted(version, VERSION));
    }
    bytes.position(start + HEAD + length);
    return Optional.of(changes(bytes.slice(start + HEAD + 1, length - 1)));
  }

  private static List<Change> changes(ByteBuffer utf8) {
    String text = StandardCharsets.UTF_8.decode(utf8).toString();
    List<Change> changes = new ArrayList<>();
    for (String line : text.lines().toList()) {
      int tab = line.indexOf('\t');
      changes.add(
          line.charAt(0) == '+'
              ? Change.put(line.substring(1, tab), line.substring(tab + 1))
              : Change.remove(line.substring(1)));
    }
    return changes;
  }

  private static int checksum(ByteBuffer record, int start, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(record.slice(start, Integer.BYTES));
    checksum.update(record.slice(start + HEAD, length));
    return (int) checksum.getValue();
  }
}
