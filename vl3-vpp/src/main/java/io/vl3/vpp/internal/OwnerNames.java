package io.vl3.vpp.internal;

import io.vl3.dataplane.LinkKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of an owner's objects: {@code vl3.OWNER.ID.READABLE}, at most 63 characters. OWNER (8
 * characters) stands for the owner. ID (16 characters, 80 bits) stands for a link, so that two
 * names never collide however long or alike the rest is. READABLE is for people.
 */
public final class OwnerNames {

  /** The agent's limit, set by VPP's interface tag. */
  static final int LONGEST = 63;

  private static final int OWNER_LENGTH = 8;
  private static final int ID_LENGTH = 16;
  private static final String DIGITS = "0123456789abcdefghijklmnopqrstuv";
  private static final Pattern NAME =
      Pattern.compile(
          "vl3\\.([0-9a-v]{%d})\\.([0-9a-v]{%d})\\..*".formatted(OWNER_LENGTH, ID_LENGTH));

  private final String owner;
  private final String tag;

  /** The names of an owner. */
  public OwnerNames(String owner) {
    this.owner = owner;
    this.tag = digest(OWNER_LENGTH, owner);
  }

  /** The parts of a name that a vl3 gave. */
  public record Parts(String owner, String id) {}

  /** The parts of a name; empty if no vl3 gave it. */
  public static Optional<Parts> parts(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        ? Optional.of(new Parts(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  /** The owner's part of its names. */
  public String tag() {
    return tag;
  }

  /** The data source: the agent keeps a store for each; a header holds printable ASCII only. */
  public String source() {
    return "vl3-" + owner.replaceAll("[^!-~]", "_");
  }

  /** The label of the owner's routing tables. */
  public String label() {
    return "vl3." + tag;
  }

  /** The id of a link. */
  public String id(LinkKey key) {
    return digest(ID_LENGTH, owner, key.value());
  }

  /** The name of a link's interface. */
  public String interfaceName(LinkKey key, String title) {
    return name(id(key), title);
  }

  /** The name of the loopback that lends addresses. */
  public String loopbackName() {
    return name(digest(ID_LENGTH, owner, "loopback"), "loopback");
  }

  /** The name of the interface that leads to the owner's namespace of the kernel. */
  public String hostName() {
    return name(digest(ID_LENGTH, owner, "host"), "host");
  }

  /** Seven bytes that are other ones for every owner. */
  public byte[] hostBits() {
    return Arrays.copyOf(sha(owner, "host"), 7);
  }

  /**
   * An interface's hardware address, by its name, in hexadecimal digits: the same when it is made
   * anew, and another on every VPP, where they would all have the same for the first loopback.
   */
  public static String macOf(String name) {
    byte[] digest = sha256().digest(name.getBytes(StandardCharsets.UTF_8));
    return "02fe" + HexFormat.of().formatHex(digest, 0, 4);
  }

  /** The name of an interface that exists for a moment, numbered from 0. */
  String placeholderName(int number) {
    return name(digest(ID_LENGTH, owner, "placeholder", String.valueOf(number)), "placeholder");
  }

  /** The label of a port forward. */
  public String forwardLabel(LinkKey key, String transportAndPort) {
    return name(id(key), transportAndPort);
  }

  /** The id within a name of this owner; empty for others' names. */
  public Optional<String> idOf(String name) {
    return parts(name).filter(parts -> parts.owner().equals(tag)).map(Parts::id);
  }

  private String name(String id, String readable) {
    String begin = "vl3." + tag + "." + id + ".";
    return begin + shortened(readable, LONGEST - begin.length());
  }

  /** Keeps begin and end of a long text: workloads' names differ at the end. */
  private static String shortened(String text, int longest) {
    String plain = text.replaceAll("[^A-Za-z0-9_-]", "-");
    if (plain.length() <= longest) {
      return plain;
    }
    int begin = longest / 2;
    int end = longest - begin - 1;
    return plain.substring(0, begin) + "~" + plain.substring(plain.length() - end);
  }

  private static String digest(int length, String... parts) {
    byte[] bytes = sha(parts);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(DIGITS.charAt(bytes[i] & 31));
    }
    return text.toString();
  }

  private static byte[] sha(String... parts) {
    MessageDigest sha = sha256();
    for (String part : parts) {
      sha.update(part.getBytes(StandardCharsets.UTF_8));
      sha.update((byte) 0);
    }
    return sha.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("SHA-256: absent (expected: in every JDK)", missing);
    }
  }
}
