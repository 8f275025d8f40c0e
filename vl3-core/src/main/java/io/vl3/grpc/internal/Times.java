package io.vl3.grpc.internal;

import com.google.protobuf.Timestamp;
import io.vl3.failure.EndpointException;
import java.time.Instant;

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

  @SuppressWarnings("JavaInstantGetSecondsGetNano") // both are used
  static Timestamp toProto(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}
