package io.vl3.cli.config.text;

import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks of texts; each throws with what is expected. */
public final class Parsers {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9._]*[A-Za-z0-9])?");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?");
  private static final Pattern INTERFACE = Pattern.compile("[^\\s/:]{1,15}");
  private static final String TCP = "tcp://";
  private static final int MANAGER_PORT = 5001;
  private static final Duration SHORTEST_TOKEN = Duration.ofSeconds(10);

  /** A year; clocks that count nanoseconds end after 292. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private static final Duration LONGEST_TOKEN = Duration.ofDays(7);
  private static final Pattern UNIX = Pattern.compile("unix:(//)?/[^\\s]+");

  private Parsers() {}

  /**
   * The name of a service or an endpoint: letters, digits, inner {@code - . _}; behind an {@code @}
   * the domain in which it is registered.
   */
  public static String name(String text) {
    int at = text.indexOf('@');
    String name = at < 0 ? text : text.substring(0, at);
    boolean valid = isName(name) && (at < 0 || isDomain(text.substring(at + 1)));
    return checked(
        valid, text, "1..63 letters, digits and - . _ between them; then perhaps @ and a domain");
  }

  /** The name of a file. */
  public static String fileName(String text) {
    return checked(isName(text), text, "1..63 letters, digits and - . _ between them");
  }

  private static boolean isName(String text) {
    return NAME.matcher(text).matches() && text.length() <= 63;
  }

  /** A prefix with its length written out, and no host bits. */
  public static IpPrefix prefix(String text) {
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

  public static String domainName(String text) {
    return checked(
        HOST.matcher(text).matches() && text.length() <= 253,
        text,
        "a domain name, as in vl3.local");
  }

  /** A Linux interface name. */
  public static String interfaceName(String text) {
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

  /** A domain's name or address; its port may be left out, as the brackets of an IPv6 address. */
  public static String domain(String text) {
    Optional<IpAddress> bare =
        IpAddress.tryParse(text).filter(address -> address.family() == IpFamily.IPV6);
    return bare.map(address -> "[" + address + "]")
        .orElseGet(() -> checked(isDomain(text), text, "host or host:port, as in 10.0.0.7:5000"));
  }

  private static boolean isDomain(String text) {
    return text.length() <= 253 && (isHost(text) || isHostPort(text));
  }

  /** How long tokens may last. */
  public static Duration tokenLifetime(String text) {
    return GoDuration.tryParse(text)
        .filter(d -> d.compareTo(SHORTEST_TOKEN) >= 0 && d.compareTo(LONGEST_TOKEN) <= 0)
        .orElseThrow(() -> refused(text, "10s..168h, as in 90s, 10m or 1h30m"));
  }

  /** A unix or TCP URL. */
  public static String url(String text) {
    checked(UNIX.matcher(text).matches() || isTcp(text), text, "unix:///path or tcp://host:port");
    return text.startsWith("unix:/") && !text.startsWith("unix://")
        ? "unix://" + text.substring("unix:".length())
        : text;
  }

  /** A manager's URL; without a port it is NSM's own, 5001. */
  public static String managerUrl(String text) {
    boolean withoutPort = text.startsWith(TCP) && isHost(text.substring(TCP.length()));
    return withoutPort ? text + ":" + MANAGER_PORT : url(text);
  }

  /** Where a server listens; without a host it is every address of ours. */
  public static String listenUrl(String text) {
    return url(everyAddress(text));
  }

  public static String listenTcpUrl(String text) {
    String url = everyAddress(text);
    return checked(isTcp(url), url, "tcp://host:port");
  }

  private static String everyAddress(String text) {
    return text.startsWith(TCP + ":") ? TCP + "0.0.0.0" + text.substring(TCP.length()) : text;
  }

  public static boolean isTcp(String text) {
    return text.startsWith(TCP) && isHostPort(text.substring(TCP.length()));
  }

  /** An absolute path. */
  public static String absolutePath(String text) {
    String path = checked(text.startsWith("/") && text.indexOf('\0') < 0, text, "an absolute path");
    return checked(isNameable(path), path, "letters that the locale has, as LC_ALL=C.UTF-8 does");
  }

  /** Whether the names of files can have these letters here. */
  private static boolean isNameable(String path) {
    try {
      return Path.of(path).isAbsolute();
    } catch (InvalidPathException otherLetters) {
      return false;
    }
  }

  /** A prefix server: {@code tcp://host:port}, where {@code tcp://} may be left out. */
  public static String prefixServer(String text) {
    if (isHostPort(text)) {
      return "tcp://" + text;
    }
    return checked(
        isTcp(text) || UNIX.matcher(text).matches(), text, "tcp://host:port or unix:///path");
  }

  /** A time as Go writes it: {@code 1h30m}, {@code 15s}, {@code 1200ms}, {@code 0}. */
  public static Duration duration(String text) {
    Duration parsed =
        GoDuration.tryParse(text)
            .orElseThrow(() -> refused(text, "a time, as in 15s, 1h30m or 1200ms"));
    if (parsed.compareTo(LONGEST) > 0) {
      throw refused(text, "at most %dh".formatted(LONGEST.toHours()));
    }
    return parsed;
  }

  /** A time that is not zero. */
  public static Duration positiveDuration(String text) {
    Duration parsed = duration(text);
    if (parsed.isZero()) {
      throw refused(text, "more than no time");
    }
    return parsed;
  }

  /** A time as it is read, without parts that are zero. */
  public static String time(Duration time) {
    String text = "";
    text += time.toHours() > 0 ? time.toHours() + "h" : "";
    text += time.toMinutesPart() > 0 ? time.toMinutesPart() + "m" : "";
    text += time.toSecondsPart() > 0 ? time.toSecondsPart() + "s" : "";
    text += time.toMillisPart() > 0 ? time.toMillisPart() + "ms" : "";
    return text.isEmpty() ? "0" : text;
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
