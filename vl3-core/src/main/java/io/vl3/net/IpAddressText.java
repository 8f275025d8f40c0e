package io.vl3.net;

import java.util.Optional;

/** The text form of addresses: strict parsing, RFC 5952 printing. */
final class IpAddressText {

  private static final int GROUPS = 8;

  private IpAddressText() {}

  static Optional<IpAddress> parse(String text) {
    return text.indexOf(':') >= 0 ? parseIpv6(text) : parseIpv4(text).map(IpAddress::ipv4);
  }

  static String format(IpAddress address) {
    return address.family() == IpFamily.IPV4
        ? formatIpv4((int) address.low())
        : formatIpv6(address.high(), address.low());
  }

  private static Optional<Integer> parseIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    int bits = 0;
    for (String part : parts) {
      int octet = octet(part);
      if (octet < 0) {
        return Optional.empty();
      }
      bits = bits << 8 | octet;
    }
    return Optional.of(bits);
  }

  /** A number of 0 to 255 without sign or leading zero, or -1. */
  static int octet(String text) {
    if (text.isEmpty() || text.length() > 3 || (text.length() > 1 && text.charAt(0) == '0')) {
      return -1;
    }
    int value = number(text, 10);
    return value <= 255 ? value : -1;
  }

  private static Optional<IpAddress> parseIpv6(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return Optional.empty();
    }
    int[] groups = new int[GROUPS];
    if (gap < 0) {
      return readGroups(text, groups) == GROUPS ? Optional.of(ipv6(groups)) : Optional.empty();
    }
    int[] tail = new int[GROUPS];
    int before = readGroups(text.substring(0, gap), groups);
    int after = readGroups(text.substring(gap + 2), tail);
    if (before < 0 || after < 0 || before + after >= GROUPS) {
      return Optional.empty();
    }
    System.arraycopy(tail, 0, groups, GROUPS - after, after);
    return Optional.of(ipv6(groups));
  }

  /** Reads colon-separated groups, the last two perhaps in IPv4 form; their count, or -1. */
  private static int readGroups(String text, int[] groups) {
    if (text.isEmpty()) {
      return 0;
    }
    String[] parts = text.split(":", -1);
    int count = 0;
    for (int i = 0; i < parts.length; i++) {
      boolean dotted = i == parts.length - 1 && parts[i].indexOf('.') >= 0;
      if (count + (dotted ? 2 : 1) > GROUPS) {
        return -1;
      }
      if (dotted) {
        Optional<Integer> ipv4 = parseIpv4(parts[i]);
        if (ipv4.isEmpty()) {
          return -1;
        }
        groups[count++] = ipv4.get() >>> 16;
        groups[count++] = ipv4.get() & 0xffff;
      } else {
        int group = parts[i].isEmpty() || parts[i].length() > 4 ? -1 : number(parts[i], 16);
        if (group < 0) {
          return -1;
        }
        groups[count++] = group;
      }
    }
    return count;
  }

  /** A short unsigned number in ASCII digits, or -1. */
  private static int number(String text, int radix) {
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c < 128 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value;
  }

  private static IpAddress ipv6(int[] groups) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < 4; i++) {
      high = high << 16 | groups[i];
      low = low << 16 | groups[i + 4];
    }
    return IpAddress.ipv6(high, low);
  }

  private static String formatIpv4(int bits) {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 255)
        + "."
        + (bits >>> 8 & 255)
        + "."
        + (bits & 255);
  }

  private static String formatIpv6(long high, long low) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < 4; i++) {
      groups[i] = (int) (high >>> (48 - 16 * i)) & 0xffff;
      groups[i + 4] = (int) (low >>> (48 - 16 * i)) & 0xffff;
    }
    if (high == 0 && low >>> 32 == 0xffff) {
      return "::ffff:" + formatIpv4((int) low);
    }
    int start = longestZeroRun(groups);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == start) {
        text.append("::");
        while (i + 1 < GROUPS && groups[i + 1] == 0) {
          i++;
        }
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }

  /** Where the first longest run of two or more zero groups starts, or -1. */
  private static int longestZeroRun(int[] groups) {
    int best = -1;
    int bestLength = 1;
    int length = 0;
    for (int i = 0; i < GROUPS; i++) {
      length = groups[i] == 0 ? length + 1 : 0;
      if (length > bestLength) {
        bestLength = length;
        best = i - length + 1;
      }
    }
    return best;
  }
}
