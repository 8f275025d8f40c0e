package io.vl3.linux;

import io.vl3.dataplane.LinkKey;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What must be known of a link to find it again after our death.
 *
 * @param owner who made it
 * @param key its key
 * @param tunnel the tunnel's parameters; empty for a veth pair
 * @param ends its interfaces
 */
record LinkRecord(String owner, LinkKey key, String tunnel, List<End> ends) {

  private static final String FORMAT = "vl3-link 2";

  /** Before there was a checksum. */
  private static final String FORMER_FORMAT = "vl3-link 1";

  private static final String SUM = "crc ";

  /**
   * An interface of the link.
   *
   * @param side which side it is
   * @param netnsId the namespace's identity when the record was written
   * @param name the interface's name
   * @param netnsUrl the namespace's URL
   */
  record End(Side side, String netnsId, String name, String netnsUrl) {}

  LinkRecord {
    ends = List.copyOf(ends);
  }

  /** Whether both describe the same interfaces; the URL that led to a namespace does not matter. */
  boolean sameAttachments(LinkRecord other) {
    return tunnel.equals(other.tunnel) && places().equals(other.places());
  }

  /** As a file has it: lines, the last of which is a checksum of those before it. */
  byte[] toBytes() {
    String text = text(toLines());
    return (text + SUM + checksum(text) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private List<String> toLines() {
    List<String> lines = new ArrayList<>();
    lines.add(FORMAT);
    lines.add("owner " + owner);
    lines.add("key " + encode(key.value()));
    lines.add("tunnel " + tunnel);
    for (End end : ends) {
      lines.add(
          "end %s %s %s %s"
              .formatted(end.side.name(), end.netnsId, end.name, encode(end.netnsUrl)));
    }
    return lines;
  }

  /** Reads {@link #toBytes} back; empty if they are something else, or a byte of them is wrong. */
  static Optional<LinkRecord> parse(byte[] bytes) {
    List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    if (lines.size() < 5) {
      return Optional.empty();
    }
    if (lines.get(0).equals(FORMER_FORMAT)) {
      return parse(lines);
    }
    List<String> content = lines.subList(0, lines.size() - 1);
    String sum = SUM + checksum(text(content));
    return lines.get(0).equals(FORMAT) && lines.get(lines.size() - 1).equals(sum)
        ? parse(content)
        : Optional.empty();
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }

  private static String checksum(String text) {
    CRC32C sum = new CRC32C();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(sum.getValue());
  }

  private static Optional<LinkRecord> parse(List<String> lines) {
    try {
      return Optional.of(
          new LinkRecord(
              field(lines.get(1), "owner "),
              new LinkKey(decode(field(lines.get(2), "key "))),
              field(lines.get(3), "tunnel "),
              lines.subList(4, lines.size()).stream().map(LinkRecord::end).toList()));
    } catch (IllegalArgumentException damaged) {
      return Optional.empty();
    }
  }

  private List<String> places() {
    return ends.stream().map(end -> end.side + " " + end.netnsId + " " + end.name).toList();
  }

  private static End end(String line) {
    String[] words = field(line, "end ").split(" ", -1);
    if (words.length != 4) {
      throw new IllegalArgumentException("end: %s (expected: 4 words)".formatted(line));
    }
    return new End(Side.valueOf(words[0]), words[1], words[2], decode(words[3]));
  }

  private static String field(String line, String begin) {
    if (!line.startsWith(begin)) {
      throw new IllegalArgumentException("record: %s (expected: %s)".formatted(line, begin));
    }
    return line.substring(begin.length());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
