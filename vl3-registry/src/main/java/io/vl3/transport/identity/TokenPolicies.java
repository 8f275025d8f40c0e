package io.vl3.transport.identity;

import io.vl3.connection.Path;
import io.vl3.connection.Token;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.time.Timer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What NSM v1 asks of the tokens of a path, whoever looks at it: each is one, counts now and not
 * for ever, and is meant for the component that the next is of. Thread-safe.
 */
final class TokenPolicies {

  private static final int MOST_TOKENS = 8192;

  /** Longer ones are read each time: who may call could fill the memory with them. */
  private static final int MOST_CHARACTERS = 2048;

  /**
   * How long a token may last at most, whoever made it. NSM's components are made for minutes to a
   * day; a token for years would make a connection that its caller's death does not end.
   */
  static final Duration MOST_LIFETIME = Duration.ofDays(7);

  private final Timer timer;
  private final Map<String, ReadToken> known = LruMap.of(MOST_TOKENS);

  TokenPolicies(Timer timer) {
    this.timer = timer;
  }

  /**
   * The tokens of a stretch of a path, checked.
   *
   * @param first the first segment looked at
   * @param last the last one
   * @throws EndpointException DENIED with the reason
   */
  List<ReadToken> tokens(Path path, int first, int last) throws EndpointException {
    List<ReadToken> tokens = new ArrayList<>();
    for (int i = first; i <= last; i++) {
      tokens.add(alive(path, i));
      if (i > first) {
        checkMeantFor(tokens.get(i - first).subject(), tokens.get(i - first - 1), i - 1);
      }
    }
    return tokens;
  }

  /** Checks that the token of a segment is meant for who is next. */
  static void checkMeantFor(String next, ReadToken token, int segment) throws EndpointException {
    if (!token.audience().contains(next)) {
      throw denied(
          "%s: aud %s (expected: %s, who is next)"
              .formatted(place(segment), token.audience(), next));
    }
  }

  static String place(int segment) {
    return "path_segments[%d].token".formatted(segment);
  }

  static EndpointException denied(String message) {
    return new EndpointException(Reason.DENIED, "no sufficient privileges: " + message);
  }

  private ReadToken alive(Path path, int segment) throws EndpointException {
    Optional<ReadToken> read =
        path.segment(segment).flatMap(found -> found.token()).flatMap(this::read);
    if (read.isEmpty()) {
      throw denied(place(segment) + ": none that can be read (expected: a JWT with expiry)");
    }
    checkTimes(read.get(), segment);
    return read.get();
  }

  private void checkTimes(ReadToken token, int segment) throws EndpointException {
    Instant now = timer.instant();
    if (!now.isBefore(token.expires())) {
      throw denied(
          "%s: expired at %s (expected: later than %s)"
              .formatted(place(segment), token.expires(), now));
    }
    if (token.begins().isAfter(now)) {
      throw denied(
          "%s: valid from %s on (expected: by %s)".formatted(place(segment), token.begins(), now));
    }
    if (token.expires().isAfter(now.plus(MOST_LIFETIME))) {
      throw denied(
          "%s: expires at %s (expected: within %d days)"
              .formatted(place(segment), token.expires(), MOST_LIFETIME.toDays()));
    }
  }

  /** Checks that a token, which was signed with a certificate's key, does not outlive that. */
  static void checkEnd(ReadToken token, X509Certificate certificate, int segment)
      throws EndpointException {
    if (token.outlives(certificate)) {
      throw denied(
          "%s: expires at %s (expected: by %s, the end of its certificate)"
              .formatted(place(segment), token.expires(), certificate.getNotAfter().toInstant()));
    }
  }

  /** How many tokens are remembered. */
  int remembered() {
    synchronized (known) {
      return known.size();
    }
  }

  private Optional<ReadToken> read(Token token) {
    synchronized (known) {
      ReadToken before = known.get(token.value());
      if (before != null) {
        return Optional.of(before);
      }
    }
    Optional<ReadToken> read = ReadToken.parse(token.value());
    if (read.isPresent() && token.value().length() <= MOST_CHARACTERS) {
      synchronized (known) {
        known.put(token.value(), read.get());
      }
    }
    return read;
  }
}
