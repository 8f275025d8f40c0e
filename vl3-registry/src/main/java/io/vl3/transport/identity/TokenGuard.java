package io.vl3.transport.identity;

import io.grpc.Grpc;
import io.vl3.connection.Caller;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.MonitorSelector;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.endpoint.EndpointRunner;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.CallGuard;
import io.vl3.grpc.internal.CallerKey;
import java.util.List;
import java.util.function.Supplier;

/**
 * The policies of NSM v1 for calls over TLS: what {@link TokenPolicies} asks holds for the path up
 * to the caller, whose token is meant for us and signed with the key of its TLS certificate.
 * Connections are watched by who owns one of them, or by who asks before they exist: nobody is
 * shown what is another's. Thread-safe.
 */
final class TokenGuard implements CallGuard {

  private final TokenPolicies policies;
  private final Supplier<String> ownId;

  /**
   * A guard.
   *
   * @param ownId our SPIFFE ID
   */
  TokenGuard(TokenPolicies policies, Supplier<String> ownId) {
    this.policies = policies;
    this.ownId = ownId;
  }

  @Override
  public void checkPath(Path arrived) throws EndpointException {
    TlsPeer caller = peer();
    try {
      checkTokens(arrived, caller);
    } catch (EndpointException refused) {
      throw new EndpointException(
          refused.reason(), "%s [caller %s]".formatted(refused.getMessage(), caller.id()));
    }
  }

  @Override
  public void checkMonitor(MonitorSelector selector, EndpointRunner runner)
      throws EndpointException {
    Caller caller = CallerKey.current();
    List<String> ids =
        selector.segments().stream().map(PathSegment::id).filter(id -> !id.isBlank()).toList();
    List<Caller> owners =
        ids.stream().flatMap(id -> runner.owner(new ConnectionId(id)).stream()).toList();
    // A selector that names no connection, or none that is there, shows the caller its own.
    if (!owners.isEmpty() && !owners.contains(caller)) {
      throw TokenPolicies.denied(
          "path_segments: %s (expected: a connection of your own) [caller %s]"
              .formatted(ids, peer().id()));
    }
  }

  private void checkTokens(Path arrived, TlsPeer caller) throws EndpointException {
    int last = arrived.index();
    ReadToken callers = policies.tokens(arrived, 0, last).get(last);
    TokenPolicies.checkMeantFor(ownId.get(), callers, last);
    if (!callers.isOf(caller)) {
      throw TokenPolicies.denied(
          "%s: signed by another (expected: by the caller's TLS certificate) [sub %s]"
              .formatted(TokenPolicies.place(last), callers.subject()));
    }
    TokenPolicies.checkEnd(callers, caller.certificate(), last);
  }

  private static TlsPeer peer() throws EndpointException {
    return TlsPeer.of(CallerKey.currentAttribute(Grpc.TRANSPORT_ATTR_SSL_SESSION))
        .orElseThrow(
            () ->
                new EndpointException(
                    Reason.UNAUTHENTICATED, "caller: unknown (expected: a TLS certificate)"));
  }
}
