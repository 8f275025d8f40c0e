package io.vl3.transport;

import io.grpc.Grpc;
import io.vl3.connection.Caller;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.MonitorSelector;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Token;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.endpoint.Reason;
import io.vl3.grpc.CallGuard;
import io.vl3.grpc.CallerKey;
import io.vl3.time.Timer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The policies of NSM v1 for connections over TLS: every token of the path up to the caller's is
 * one, is unexpired, and is meant for the component that the next is of, the last for us; the last
 * is signed with the key of the caller's TLS certificate. Connections are watched by who owns one
 * of them. Thread-safe.
 */
final class TokenGuard implements CallGuard {

  private static final int MOST_TOKENS = 8192;

  private final Timer timer;
  private final Supplier<String> ownId;
  private final Map<String, ReadToken> known = LruMap.of(MOST_TOKENS);

  /**
   * A guard.
   *
   * @param ownId our SPIFFE ID
   */
  TokenGuard(Timer timer, Supplier<String> ownId) {
    this.timer = timer;
    this.ownId = ownId;
  }

  @Override
  public void checkPath(Path arrived) throws EndpointException {
    TlsPeer peer = peer();
    List<ReadToken> tokens = tokens(arrived);
    if (tokens.isEmpty()) {
      throw denied("path: empty (expected: the caller's segment, with its token)", peer);
    }
    checkUnexpired(tokens, peer);
    checkChained(tokens, peer);
    ReadToken last = tokens.get(tokens.size() - 1);
    if (!last.subject().equals(peer.id()) || !last.isSignedBy(peer.certificate())) {
      throw denied(
          "%s: signed by another (expected: by the caller's TLS certificate) [sub %s]"
              .formatted(place(tokens.size() - 1), last.subject()),
          peer);
    }
  }

  @Override
  public void checkMonitor(MonitorSelector selector, EndpointRunner runner)
      throws EndpointException {
    Caller caller = CallerKey.current();
    List<String> ids =
        selector.segments().stream().map(PathSegment::id).filter(id -> !id.isBlank()).toList();
    boolean owns =
        ids.stream().anyMatch(id -> runner.owner(new ConnectionId(id)).equals(Optional.of(caller)));
    // A selector that names no connection shows the caller its own.
    if (!ids.isEmpty() && !owns) {
      throw denied("path_segments: %s (expected: a connection of your own)".formatted(ids), peer());
    }
  }

  private void checkUnexpired(List<ReadToken> tokens, TlsPeer peer) throws EndpointException {
    Instant now = timer.instant();
    for (int i = 0; i < tokens.size(); i++) {
      if (!now.isBefore(tokens.get(i).expires())) {
        throw denied(
            "%s: expired at %s (expected: later than %s)"
                .formatted(place(i), tokens.get(i).expires(), now),
            peer);
      }
    }
  }

  private void checkChained(List<ReadToken> tokens, TlsPeer peer) throws EndpointException {
    for (int i = 0; i < tokens.size(); i++) {
      String next = i + 1 < tokens.size() ? tokens.get(i + 1).subject() : ownId.get();
      if (!tokens.get(i).audience().contains(next)) {
        throw denied(
            "%s: aud %s (expected: %s, who is next)"
                .formatted(place(i), tokens.get(i).audience(), next),
            peer);
      }
    }
  }

  private List<ReadToken> tokens(Path path) throws EndpointException {
    List<ReadToken> tokens = new ArrayList<>();
    for (int i = 0; i <= path.index() && i < path.segments().size(); i++) {
      Optional<ReadToken> token = path.segments().get(i).token().flatMap(this::read);
      if (token.isEmpty()) {
        throw denied(place(i) + ": none that can be read (expected: a JWT with expiry)", peer());
      }
      tokens.add(token.get());
    }
    return tokens;
  }

  private Optional<ReadToken> read(Token token) {
    synchronized (known) {
      ReadToken before = known.get(token.value());
      if (before != null) {
        return Optional.of(before);
      }
    }
    Optional<ReadToken> read = ReadToken.parse(token.value());
    synchronized (known) {
      read.ifPresent(made -> known.put(token.value(), made));
    }
    return read;
  }

  private static TlsPeer peer() throws EndpointException {
    return TlsPeer.of(CallerKey.currentAttribute(Grpc.TRANSPORT_ATTR_SSL_SESSION))
        .orElseThrow(
            () ->
                new EndpointException(
                    Reason.UNAUTHENTICATED, "caller: unknown (expected: a TLS certificate)"));
  }

  private static String place(int segment) {
    return "path_segments[%d].token".formatted(segment);
  }

  private static EndpointException denied(String message, TlsPeer peer) {
    return new EndpointException(
        Reason.DENIED, "no sufficient privileges: %s [caller %s]".formatted(message, peer.id()));
  }
}
