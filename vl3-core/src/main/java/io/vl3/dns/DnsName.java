package io.vl3.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A domain name in lower case with the dot at its end, as in {@code a.vl3.}; {@code .} is the root.
 *
 * @param text the name; labels of 1 to 63 letters, digits, {@code -} and {@code _}, 254 characters
 *     in all (RFC 1035, section 2.3.4)
 */
public record DnsName(String text) implements Comparable<DnsName> {

  /** The domain of all names. */
  public static final DnsName ROOT = new DnsName(".");

  private static final Pattern LABELS = Pattern.compile("(?:[a-z0-9_-]{1,63}\\.)+");
  private static final int LONGEST = 254;

  /** Refuses what is no name. */
  public DnsName {
    if (!text.equals(".") && (!LABELS.matcher(text).matches() || text.length() > LONGEST)) {
      throw new IllegalArgumentException(
          "name: %s (expected: labels of 1..63 letters, digits, - and _, each with a dot, %d characters in all)"
              .formatted(text, LONGEST));
    }
  }

  /**
   * The name of a text in any case, with or without the dot at its end.
   *
   * @throws IllegalArgumentException if it is none; the message shows it
   */
  public static DnsName parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return new DnsName(lower.endsWith(".") ? lower : lower + ".");
  }

  /** The name of a text; empty if it is none. */
  public static Optional<DnsName> tryParse(String text) {
    try {
      return Optional.of(parse(text));
    } catch (IllegalArgumentException noName) {
      return Optional.empty();
    }
  }

  /** Those of the texts that are names: what others call one may hold anything. */
  public static List<DnsName> allOf(List<String> texts) {
    return texts.stream().flatMap(text -> tryParse(text).stream()).toList();
  }

  /** The domains that the name lies in, the nearest first, without itself and the root. */
  public List<DnsName> domains() {
    List<DnsName> domains = new ArrayList<>();
    for (int dot = text.indexOf('.'); dot < text.length() - 1; dot = text.indexOf('.', dot + 1)) {
      domains.add(new DnsName(text.substring(dot + 1)));
    }
    return List.copyOf(domains);
  }

  /** Whether it is the domain, or a name in it. */
  public boolean isWithin(DnsName domain) {
    return domain.equals(ROOT) || text.equals(domain.text) || text.endsWith("." + domain.text);
  }

  /** The name without the dot at its end, as people and search lists write it. */
  public String withoutDot() {
    return text.substring(0, text.length() - 1);
  }

  @Override
  public int compareTo(DnsName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
