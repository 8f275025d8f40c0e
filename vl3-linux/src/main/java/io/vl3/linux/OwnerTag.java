package io.vl3.linux;

import io.vl3.dataplane.LinkKey;
import io.vl3.linux.internal.LinkInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The mark on our interfaces: the alias {@code vl3:OWNER:KEY:SIDE}, where a key too long for an
 * alias stands as {@code #ID}. Between creation and tagging an interface is known by {@link
 * #GROUP}.
 */
final class OwnerTag {

  /** The group of our interfaces; the number itself means nothing. */
  static final int GROUP = 0x766c33;

  private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final int LONGEST_KEY = 150;
  private static final int ID_BYTES = 16;

  /** Characters of an id. */
  static final int ID_LENGTH = 2 * ID_BYTES;

  private final String owner;

  OwnerTag(String owner) {
    if (!OWNER.matcher(owner).matches()) {
      throw new IllegalArgumentException(
          "owner: %s (expected: %s)".formatted(owner, OWNER.pattern()));
    }
    this.owner = owner;
  }

  String owner() {
    return owner;
  }

  /** A short name of a key, fit for a file name. */
  static String id(LinkKey key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.value().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256: missing (expected: in every Java)", e);
    }
  }

  /** The alias of one side of a link. */
  String alias(LinkKey key, Side side) {
    return begin() + word(key) + ":" + side;
  }

  /** Whether the interface is that side of that link. */
  boolean marks(LinkInfo info, LinkKey key, Side side) {
    return info.alias().equals(alias(key, side));
  }

  /** Whether the interface was created by us and not tagged any more. */
  static boolean halfMade(LinkInfo info) {
    return info.alias().isEmpty() && info.group() == GROUP;
  }

  /** The id of the link that the interface belongs to; empty if it is not of this owner. */
  Optional<String> linkId(LinkInfo info) {
    int end = info.alias().lastIndexOf(':');
    if (!info.alias().startsWith(begin()) || end < begin().length()) {
      return Optional.empty();
    }
    String word = info.alias().substring(begin().length(), end);
    return Optional.of(word.startsWith("#") ? word.substring(1) : id(new LinkKey(word)));
  }

  private String begin() {
    return "vl3:" + owner + ":";
  }

  private static String word(LinkKey key) {
    boolean fits =
        key.value().length() <= LONGEST_KEY
            && !key.value().startsWith("#")
            && key.value().chars().allMatch(c -> c > ' ' && c < 127);
    return fits ? key.value() : "#" + id(key);
  }
}
