package io.vl3.cli.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;

/**
 * Writes files into a tar archive that is compressed by gzip. By hand, as a header of POSIX's ustar
 * is shorter than a library's description. For one thread.
 */
final class TarGz implements AutoCloseable {

  private static final int BLOCK = 512;
  private static final int LONGEST_NAME = 100;
  private static final int CHECKSUM = 148;

  private final OutputStream out;
  private final Instant time;

  /**
   * Writes to a stream, and closes it at last.
   *
   * @param time when all files were changed last
   */
  TarGz(OutputStream out, Instant time) throws IOException {
    this.out = new GZIPOutputStream(out, 1 << 16);
    this.time = time;
  }

  /**
   * Adds a file that its owner alone may read.
   *
   * @param name its path, of at most 100 bytes of ASCII
   */
  void add(String name, byte[] content) throws IOException {
    byte[] path = name.getBytes(StandardCharsets.US_ASCII);
    if (path.length > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "name: %s (expected: at most %d bytes)".formatted(name, LONGEST_NAME));
    }
    out.write(header(path, content.length));
    out.write(content);
    out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
  }

  /** Ends the archive. */
  @Override
  public void close() throws IOException {
    try (out) {
      out.write(new byte[2 * BLOCK]);
    }
  }

  private byte[] header(byte[] path, long size) {
    ByteBuffer header = ByteBuffer.allocate(BLOCK);
    header.put(path);
    octal(header, 100, 7, 0600);
    octal(header, 108, 7, 0);
    octal(header, 116, 7, 0);
    octal(header, 124, 11, size);
    octal(header, 136, 11, time.getEpochSecond());
    text(header, CHECKSUM, "        ");
    text(header, 156, "0");
    text(header, 257, "ustar\00000");
    int sum = 0;
    for (byte one : header.array()) {
      sum += one & 0xff;
    }
    octal(header, CHECKSUM, 6, sum);
    header.put(CHECKSUM + 6, (byte) 0);
    return header.array();
  }

  private static void octal(ByteBuffer header, int at, int digits, long number) {
    text(header, at, ("%0" + digits + "o").formatted(number));
  }

  private static void text(ByteBuffer header, int at, String text) {
    header.put(at, text.getBytes(StandardCharsets.US_ASCII));
  }
}
