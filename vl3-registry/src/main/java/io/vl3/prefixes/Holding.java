package io.vl3.prefixes;

import java.time.DateTimeException;
import java.time.Instant;

/** Why a prefix is given to nobody else. */
sealed interface Holding {

  /** An NSE of NSM v1 has it, for as long as its stream is open. */
  record Streamed() implements Holding {}

  /**
   * Its NSE's stream broke, or this server did: whoever asks for this very prefix is that NSE.
   *
   * @param until from when on anybody may have it
   */
  record Awaited(Instant until) implements Holding {}

  /**
   * It is leased in the original's API.
   *
   * @param until from when on anybody may have it
   */
  record Leased(Lessee lessee, Instant until) implements Holding {}

  /** Whether it has ended by then. */
  default boolean hasEnded(Instant now) {
    return (this instanceof Awaited awaited && !now.isBefore(awaited.until))
        || (this instanceof Leased leased && !now.isBefore(leased.until));
  }

  /** For the journal: how long a prefix is awaited is not told there. */
  default String toText() {
    return this instanceof Leased leased
        ? "leased %s %s".formatted(leased.until, leased.lessee.toText())
        : "streamed";
  }

  /**
   * What an earlier life of the server gave. Whoever had it could not renew while there was no
   * server, so that it ends no sooner than after a grace.
   *
   * @throws IllegalArgumentException if the text is not one of {@link #toText}
   */
  static Holding restored(String text, Instant graceEnd) {
    if (text.equals("streamed")) {
      return new Awaited(graceEnd);
    }
    String[] words = text.split(" ", 3);
    if (words.length != 3 || !words[0].equals("leased")) {
      throw new IllegalArgumentException(
          "holding: %s (expected: streamed, leased)".formatted(text));
    }
    return new Leased(Lessee.parse(words[2]), later(instant(words[1]), graceEnd));
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException bad) {
      throw new IllegalArgumentException("holding: %s (expected: a time)".formatted(text), bad);
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
