package io.vl3.cli.config;

import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks of texts; each throws with what is expected. */
public final class Parsers {

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(h|ms|m|s)");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9._]*[A-Za-z0-9])?");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?");
  private static final Pattern INTERFACE = Pattern.compile("[^\\s/:]{1,15}");
  private static final Duration SHORTEST_TOKEN = Duration.ofSeconds(10);

  /** A year; clocks that count nanoseconds end after 292. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private static final Duration LONGEST_TOKEN = Duration.ofDays(7);
  private static final Pattern UNIX = Pattern.compile("unix:(//)?/[^\\s]+");

  private Parsers() {}

  /** The name of a service or an endpoint: letters, digits, inner {@code - . _}. */
  public static String name(String text) {
    return checked(
        NAME.matcher(text).matches() && text.length() <= 63,
        text,
        "1..63 letters, digits and - . _ between them");
  }

  /** A prefix with its length written out, and no host bits. */
  static IpPrefix prefix(String text) {
    int slash = text.indexOf('/');
    Optional<IpAddress> address = IpAddress.tryParse(slash < 0 ? text : text.substring(0, slash));
    if (address.isPresent() && !text.matches("[^/]*/[0-9]+")) {
      throw refused(
          text, "a length too, as in %s/%d".formatted(address.get(), bits(address.get())));
    }
    if (address.isPresent() && InterfaceAddress.tryParse(text).isEmpty()) {
      throw refused(
          text, "a length of 0..%d for %s".formatted(bits(address.get()), address.get().family()));
    }
    return IpPrefix.parse(text);
  }

  static String domainName(String text) {
    return checked(
        HOST.matcher(text).matches() && text.length() <= 253,
        text,
        "a domain name, as in vl3.local");
  }

  /** A Linux interface name. */
  static String interfaceName(String text) {
    boolean dots = text.equals(".") || text.equals("..");
    return checked(
        !dots && INTERFACE.matcher(text).matches(),
        text,
        "an interface name: 1..15 characters, no space, / or :");
  }

  /** An address with a port. */
  public static String hostPort(String text) {
    return checked(isHostPort(text), text, "host:port, as in ipam.example:50051");
  }

  /** A domain's address; its port may be left out. */
  static String domain(String text) {
    return checked(
        isHost(text) || isHostPort(text), text, "host or host:port, as in 10.0.0.7:5000");
  }

  /** How long tokens may last. */
  static Duration tokenLifetime(String text) {
    return written(text)
        .filter(d -> d.compareTo(SHORTEST_TOKEN) >= 0 && d.compareTo(LONGEST_TOKEN) <= 0)
        .orElseThrow(() -> refused(text, "10s..168h, as in 90s, 10m or 1h30m"));
  }

  /** A unix or TCP URL. */
  static String url(String text) {
    return checked(
        UNIX.matcher(text).matches() || isTcp(text), text, "unix:///path or tcp://host:port");
  }

  static String tcpUrl(String text) {
    return checked(isTcp(text), text, "tcp://host:port");
  }

  static boolean isTcp(String text) {
    return text.startsWith("tcp://") && isHostPort(text.substring("tcp://".length()));
  }

  /** An absolute path. */
  static String absolutePath(String text) {
    return checked(text.startsWith("/") && text.indexOf('\0') < 0, text, "an absolute path");
  }

  /** A prefix server: {@code tcp://host:port}, where {@code tcp://} may be left out. */
  static String prefixServer(String text) {
    if (isHostPort(text)) {
      return "tcp://" + text;
    }
    return checked(
        isTcp(text) || UNIX.matcher(text).matches(), text, "tcp://host:port or unix:///path");
  }

  /** A time as Go writes it: {@code 1h30m}, {@code 15s}, {@code 1200ms}, {@code 0}. */
  static Duration duration(String text) {
    Duration parsed =
        written(text).orElseThrow(() -> refused(text, "a time, as in 15s, 1h30m or 1200ms"));
    if (parsed.compareTo(LONGEST) > 0) {
      throw refused(text, "at most %dh".formatted(LONGEST.toHours()));
    }
    return parsed;
  }

  private static Optional<Duration> written(String text) {
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    if (text.length() > 32 || !text.matches("(?:" + DURATION.pattern() + ")+")) {
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    Matcher parts = DURATION.matcher(text);
    while (parts.find()) {
      sum = sum.plus(unit(parts.group(2)).multipliedBy(Long.parseLong(parts.group(1))));
    }
    return Optional.of(sum);
  }

  /** A time that is not zero. */
  static Duration positiveDuration(String text) {
    Duration parsed = duration(text);
    if (parsed.isZero()) {
      throw refused(text, "more than no time");
    }
    return parsed;
  }

  private static Duration unit(String name) {
    return switch (name) {
      case "h" -> Duration.ofHours(1);
      case "m" -> Duration.ofMinutes(1);
      case "s" -> Duration.ofSeconds(1);
      default -> Duration.ofMillis(1);
    };
  }

  private static boolean isHostPort(String text) {
    int colon = text.lastIndexOf(':');
    return colon >= 0 && isHost(text.substring(0, colon)) && isPort(text.substring(colon + 1));
  }

  private static boolean isHost(String text) {
    boolean bracketed = text.startsWith("[") && text.endsWith("]");
    return bracketed
        ? IpAddress.tryParse(text.substring(1, text.length() - 1)).isPresent()
        : HOST.matcher(text).matches();
  }

  private static boolean isPort(String text) {
    return text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 65535;
  }

  private static String checked(boolean valid, String text, String expected) {
    if (!valid) {
      throw refused(text, expected);
    }
    return text;
  }

  private static IllegalArgumentException refused(String text, String expected) {
    return new IllegalArgumentException(text + " (expected: " + expected + ")");
  }

  private static int bits(IpAddress address) {
    return address.family().bits();
  }
}
