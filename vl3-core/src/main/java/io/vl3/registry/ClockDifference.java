package io.vl3.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a registration's times say of the registry's clock. A registry shows no registration that is
 * over, and none that is yet to come: one that looks so here was made by another clock.
 */
public final class ClockDifference {

  /** A registry may take its time to forget, and a clock to be set. */
  private static final Duration TOLERANCE = Duration.ofMinutes(1);

  private ClockDifference() {}

  /**
   * In words, by how much the clocks differ at least; empty if they may be the same.
   *
   * @param record as a registry shows or grants it
   * @param now by our own clock, when it did
   */
  public static Optional<String> of(EndpointRecord record, Instant now) {
    Optional<Duration> ahead = record.registered().map(at -> Duration.between(now, at));
    Optional<Duration> behind = record.expires().map(at -> Duration.between(at, now));
    if (ahead.filter(ClockDifference::isMuch).isPresent()) {
      return Optional.of(text(record, "registered", ahead.get(), "ahead"));
    }
    return behind.filter(ClockDifference::isMuch).map(much -> text(record, "over", much, "behind"));
  }

  private static boolean isMuch(Duration difference) {
    return difference.compareTo(TOLERANCE) > 0;
  }

  private static String text(EndpointRecord record, String what, Duration much, String where) {
    return "endpoint %s: %s %d s %s by our clock (expected: the same time) [its registry's clock is %s of ours by so much at least]"
        .formatted(
            record.name(), what, much.toSeconds(), what.equals("over") ? "ago" : "from now", where);
  }
}
