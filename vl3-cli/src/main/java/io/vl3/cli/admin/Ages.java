package io.vl3.cli.admin;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as people read them. */
final class Ages {

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private Ages() {}

  /** How long ago: {@code 12s}, {@code 3m}, {@code 4h}, {@code 2d}; a dash for never. */
  static String since(boolean known, Timestamp time, Instant now) {
    if (!known) {
      return "-";
    }
    Duration age = Duration.between(instant(time), now);
    if (age.toSeconds() < 60) {
      return Math.max(0, age.toSeconds()) + "s";
    }
    if (age.toMinutes() < 60) {
      return age.toMinutes() + "m";
    }
    return age.toHours() < 48 ? age.toHours() + "h" : age.toDays() + "d";
  }

  /** The time of the day, UTC. */
  static String clock(Timestamp time) {
    return CLOCK.format(instant(time));
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }
}
