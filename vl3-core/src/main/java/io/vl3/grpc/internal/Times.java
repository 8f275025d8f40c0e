package io.vl3.grpc.internal;

import com.google.protobuf.Timestamp;
import io.vl3.failure.EndpointException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Points in time, protobuf to domain and back. */
final class Times {

  /** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z: the ends of protobuf's timestamp. */
  private static final long FIRST_SECOND = -62_135_596_800L;

  private static final long LAST_SECOND = 253_402_300_799L;

  private Times() {}

  @SuppressWarnings("ProtoTimestampGetSecondsGetNano") // each part is checked, then both are used
  static Instant toDomain(Field field, Timestamp time) throws EndpointException {
    if (time.getSeconds() < FIRST_SECOND || time.getSeconds() > LAST_SECOND) {
      throw field.sub("seconds").invalid(time.getSeconds(), FIRST_SECOND + ".." + LAST_SECOND);
    }
    if (time.getNanos() < 0 || time.getNanos() > 999_999_999) {
      throw field.sub("nanos").invalid(time.getNanos(), "0..999999999");
    }
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  /**
   * Reads a time as in RFC 3339. The usual form, in UTC, is read by its places: the JDK's reader
   * took a fortieth of a request.
   *
   * @throws java.time.format.DateTimeParseException if it is none
   */
  static Instant parse(String text) {
    int last = text.length() - 1;
    boolean usual =
        last >= 19
            && text.charAt(last) == 'Z'
            && text.charAt(4) == '-'
            && text.charAt(7) == '-'
            && text.charAt(10) == 'T'
            && text.charAt(13) == ':'
            && text.charAt(16) == ':'
            && (last == 19 || (text.charAt(19) == '.' && last > 20 && last <= 29));
    if (usual) {
      try {
        return LocalDateTime.of(
                number(text, 0, 4),
                number(text, 5, 7),
                number(text, 8, 10),
                number(text, 11, 13),
                number(text, 14, 16),
                number(text, 17, 19),
                last == 19 ? 0 : nanos(text, last))
            .toInstant(ZoneOffset.UTC);
      } catch (DateTimeException unusual) {
        return Instant.parse(text); // 24:00, a leap second, or what no time is
      }
    }
    return Instant.parse(text);
  }

  private static int nanos(String text, int end) {
    int nanos = number(text, 20, end);
    for (int digits = end - 20; digits < 9; digits++) {
      nanos *= 10;
    }
    return nanos;
  }

  /** The digits between two places as a number. */
  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new DateTimeException("digit");
      }
      number = 10 * number + digit;
    }
    return number;
  }

  @SuppressWarnings("JavaInstantGetSecondsGetNano") // both are used
  static Timestamp toProto(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}
