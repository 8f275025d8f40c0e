package io.vl3.grpc.internal;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.vl3.connection.Token;
import io.vl3.connection.TokenSource;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** The two request headers that carry the caller's token (NSM v1). */
public final class TokenHeaders {

  static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("nsm-client-token", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> EXPIRES =
      Metadata.Key.of("nsm-client-token-expires", Metadata.ASCII_STRING_MARSHALLER);

  private TokenHeaders() {}

  /** Sends the source's token with every call. */
  public static ClientInterceptor from(TokenSource tokens) {
    return new Sender(tokens);
  }

  /** Takes any token out of headers. */
  public static void clear(Metadata headers) {
    headers.discardAll(TOKEN);
    headers.discardAll(EXPIRES);
  }

  /** Writes a token into headers. */
  public static void put(Metadata headers, Token token) {
    headers.put(TOKEN, token.value());
    headers.put(EXPIRES, token.expires().toString());
  }

  /**
   * Reads the token of a call; empty unless both headers are there.
   *
   * @throws EndpointException INVALID if a header cannot be read; names it
   */
  static Optional<Token> read(Metadata headers) throws EndpointException {
    String token = headers.get(TOKEN);
    String expires = headers.get(EXPIRES);
    if (token == null || expires == null) {
      return Optional.empty();
    }
    if (token.length() > Limits.TOKEN_CHARACTERS) {
      throw Field.root(TOKEN.name())
          .invalid(token.length() + " characters", "at most " + Limits.TOKEN_CHARACTERS);
    }
    return Optional.of(new Token(token, time(expires)));
  }

  private static Instant time(String text) throws EndpointException {
    try {
      return Times.parse(text);
    } catch (DateTimeParseException malformed) {
      throw new EndpointException(
          Reason.INVALID,
          Field.root(EXPIRES.name()).invalid(text, "a time as in RFC 3339").getMessage(),
          malformed);
    }
  }

  private record Sender(TokenSource tokens) implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return new ForwardingClientCall.SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          put(headers, tokens.token());
          super.start(listener, headers);
        }
      };
    }
  }
}
