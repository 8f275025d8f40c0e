package io.vl3.transport.identity;

import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.CompositeCallCredentials;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.vl3.connection.Token;
import io.vl3.grpc.internal.TokenHeaders;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Gives every call over TLS the token that is meant for the peer of the connection which carries
 * it, in the place of any other. Once our SVID is another than in that connection's handshake, the
 * next call goes by a new connection; calls on the old one run to their end.
 */
public final class SendSvidToken extends CallCredentials implements ClientInterceptor {

  /** Makes new calls go by a new connection; among the attributes of a call's connection. */
  static final Attributes.Key<Runnable> LEAVE = Attributes.Key.create("io.vl3.leave");

  private final Function<SSLSession, Token> tokens;
  private final Predicate<SSLSession> outdated;
  private volatile Runnable moveOn = () -> {};

  /** The last session that was moved on from: one is enough for all calls that still meet it. */
  private final AtomicReference<@Nullable SSLSession> left = new AtomicReference<>();

  /**
   * An interceptor for one channel.
   *
   * @param tokens our token for the peer of a session
   * @param outdated whether a new connection would be made with another SVID
   */
  SendSvidToken(Function<SSLSession, Token> tokens, Predicate<SSLSession> outdated) {
    this.tokens = tokens;
    this.outdated = outdated;
  }

  /** Says how the channel is made to use new connections for new calls. */
  public void onOutdated(Runnable action) {
    moveOn = action;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, with(options))) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        TokenHeaders.clear(headers);
        super.start(listener, headers);
      }

      @Override
      public Attributes getAttributes() {
        Attributes known = super.getAttributes();
        SSLSession session = known.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        return session == null
            ? known
            : known.toBuilder().set(LEAVE, (Runnable) () -> leave(session)).build();
      }
    };
  }

  private CallOptions with(CallOptions options) {
    CallCredentials others = options.getCredentials();
    return options.withCallCredentials(
        others == null ? this : new CompositeCallCredentials(others, this));
  }

  @Override
  public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
    SSLSession session = info.getTransportAttrs().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      applier.fail(Status.UNAUTHENTICATED.withDescription("connection: no TLS (expected: TLS)"));
      return;
    }
    Metadata headers = new Metadata();
    TokenHeaders.put(headers, tokens.apply(session));
    applier.apply(headers);
    if (outdated.test(session)) {
      leave(session);
    }
  }

  private void leave(SSLSession session) {
    if (left.getAndSet(session) != session) {
      moveOn.run();
    }
  }
}
