package io.vl3.nsm.manager;

import java.time.Instant;
import java.util.Optional;

/**
 * The endpoint that had a connection which was closed.
 *
 * @param endpoint the endpoint's name
 * @param until how long this is remembered, to the second
 */
record Former(String endpoint, Instant until) {

  /** No endpoint's name begins so, for names of registrations have no domain. */
  private static final char MARK = '@';

  /** As a journal keeps it. */
  String toText() {
    return "%c%d %s".formatted(MARK, until.getEpochSecond(), endpoint);
  }

  /** Reads what {@link #toText} wrote; empty for the name of an endpoint that serves. */
  static Optional<Former> tryParse(String text) {
    int space = text.indexOf(' ');
    if (text.isEmpty() || text.charAt(0) != MARK || space < 0) {
      return Optional.empty();
    }
    try {
      Instant until = Instant.ofEpochSecond(Long.parseLong(text.substring(1, space)));
      return Optional.of(new Former(text.substring(space + 1), until));
    } catch (RuntimeException noTime) {
      return Optional.empty();
    }
  }
}
