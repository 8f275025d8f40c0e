package io.vl3.transport.identity;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.vl3.connection.Path;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.AnswerGuard;
import java.util.Optional;

/**
 * The policies of NSM v1 for answers over TLS ({@code next_token_signed}): what {@link
 * TokenPolicies} asks holds for the path behind us, whose first token is signed with the key of the
 * server's TLS certificate. A server whose certificate was rotated signs with a key that older
 * connections have not shown: these are left, and the new one shows it. Thread-safe.
 */
final class AnswerTokens implements AnswerGuard {

  private final TokenPolicies policies;

  AnswerTokens(TokenPolicies policies) {
    this.policies = policies;
  }

  @Override
  public Verdict judge(Path answered, Attributes connection) {
    Optional<TlsPeer> server =
        TlsPeer.of(Optional.ofNullable(connection.get(Grpc.TRANSPORT_ATTR_SSL_SESSION)));
    if (server.isEmpty()) {
      return Verdict.refused(TokenPolicies.denied("server: unknown (expected: a TLS certificate)"));
    }
    try {
      return judge(answered, server.get(), connection);
    } catch (EndpointException refused) {
      return Verdict.refused(told(refused, server.get()));
    }
  }

  private Verdict judge(Path answered, TlsPeer server, Attributes connection)
      throws EndpointException {
    int next = answered.index() + 1;
    int last = Math.max(next, answered.segments().size() - 1);
    ReadToken servers = policies.tokens(answered, next, last).get(0);
    if (servers.isOf(server)) {
      TokenPolicies.checkEnd(servers, server.certificate(), next);
      return Verdict.BELIEVED;
    }
    EndpointException refusal =
        TokenPolicies.denied(
            "%s: signed by another (expected: by the server's TLS certificate) [sub %s]"
                .formatted(TokenPolicies.place(next), servers.subject()));
    Runnable leave = connection.get(SendSvidToken.LEAVE);
    if (leave == null || !servers.subject().equals(server.id())) {
      throw refusal;
    }
    leave.run();
    return new Verdict(Optional.of(told(refusal, server)), true);
  }

  private static EndpointException told(EndpointException refusal, TlsPeer server) {
    return new EndpointException(
        refusal.reason(), "answer: %s [server %s]".formatted(refusal.getMessage(), server.id()));
  }
}
