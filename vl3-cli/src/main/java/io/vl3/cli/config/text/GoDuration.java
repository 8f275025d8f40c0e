package io.vl3.cli.config.text;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time as Go's {@code time.ParseDuration} takes it: numbers with units, as in {@code 1h30m},
 * {@code 1.5h}, {@code 500us}, {@code .5s}, and {@code 0}. No negative ones.
 */
final class GoDuration {

  /** A day of nanoseconds has 14 digits. */
  private static final int LONGEST_TEXT = 32;

  private static final Pattern PART =
      Pattern.compile("(?=\\.?[0-9])([0-9]{0,12})(?:\\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)");

  private GoDuration() {}

  /** The time; empty if Go would refuse the text, or take it for a time before now. */
  static Optional<Duration> tryParse(String text) {
    String unsigned = text.startsWith("+") ? text.substring(1) : text;
    if (unsigned.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    if (unsigned.isEmpty() || unsigned.length() > LONGEST_TEXT) {
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    int end = 0;
    Matcher parts = PART.matcher(unsigned);
    while (parts.find() && parts.start() == end) {
      sum = sum.plus(part(parts));
      end = parts.end();
    }
    return end == unsigned.length() ? Optional.of(sum) : Optional.empty();
  }

  private static Duration part(Matcher part) {
    Duration unit = unit(part.group(3));
    String whole = part.group(1);
    String fraction = part.group(2) == null ? "" : part.group(2);
    Duration wholes = whole.isEmpty() ? Duration.ZERO : unit.multipliedBy(Long.parseLong(whole));
    if (fraction.isEmpty()) {
      return wholes;
    }
    double digits = Double.parseDouble(fraction);
    double scale = Math.pow(10, fraction.length());
    return wholes.plusNanos((long) (digits * (unit.toNanos() / scale)));
  }

  private static Duration unit(String name) {
    return switch (name) {
      case "h" -> Duration.ofHours(1);
      case "m" -> Duration.ofMinutes(1);
      case "s" -> Duration.ofSeconds(1);
      case "ms" -> Duration.ofMillis(1);
      case "ns" -> Duration.ofNanos(1);
      default -> Duration.ofNanos(1_000);
    };
  }
}
