package io.vl3.transport.identity;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.spiffe.provider.SpiffeKeyManager;
import io.spiffe.provider.SpiffeTrustManager;
import io.spiffe.svid.x509svid.X509Svid;
import io.spiffe.workloadapi.X509Source;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Token;
import io.vl3.connection.TokenSource;
import io.vl3.grpc.AnswerGuard;
import io.vl3.grpc.CallGuard;
import io.vl3.grpc.internal.CallerKey;
import io.vl3.registry.PeerIdentity;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * Mutual TLS by X.509 SVIDs, 1.2 or later, and what NSM v1 builds on it: tokens signed with the
 * SVID's key, and the judgement of others'. Any SPIFFE ID of a trusted domain may connect; what it
 * may do is decided by tokens and ownership. An SVID that is rotated serves the next handshake;
 * connections live on. Thread-safe.
 */
public final class Tls {

  /** The longest life of a token that a component asks for, unless set otherwise. */
  public static final Duration DEFAULT_TOKEN_LIFETIME = Duration.ofMinutes(10);

  private final X509Source source;
  private final RecentSvids svids;
  private final SvidTokens tokens;
  private final CallGuard guard;
  private final AnswerGuard answerGuard;

  /**
   * TLS.
   *
   * @param source our SVID and whom we trust; the caller's to close
   * @param timer the clock of tokens
   * @param tokenLifetime how long our tokens last at most
   */
  public Tls(X509Source source, Timer timer, Duration tokenLifetime) {
    this.source = source;
    this.svids = new RecentSvids(source);
    this.tokens = new SvidTokens(timer, tokenLifetime);
    TokenPolicies policies = new TokenPolicies(timer);
    this.guard = new TokenGuard(policies, this::ownId);
    this.answerGuard = new AnswerTokens(policies);
  }

  /** Our SPIFFE ID. */
  public String ownId() {
    return svids.getX509Svid().getSpiffeId().toString();
  }

  /**
   * Tokens for our own path segment. While a call is served they are for its caller, and signed
   * with the key that it has seen in the handshake; else for nobody in particular.
   */
  public TokenSource tokens() {
    return () ->
        CallerKey.currentAttribute(Grpc.TRANSPORT_ATTR_SSL_SESSION)
            .map(this::tokenFor)
            .orElseGet(() -> tokens.token(svids.getX509Svid(), Optional.empty()));
  }

  /**
   * Who a path's component says it is by its token. Where the path came from a caller that the
   * guard let pass, each component has vouched for the one before it.
   */
  public PeerIdentity peerIdentity() {
    return segment ->
        segment
            .flatMap(PathSegment::token)
            .flatMap(token -> ReadToken.parse(token.value()))
            .map(ReadToken::subject);
  }

  /** Judges the calls that come over TLS. */
  public CallGuard guard() {
    return guard;
  }

  /** Judges the answers to calls over TLS. */
  public AnswerGuard answerGuard() {
    return answerGuard;
  }

  public ChannelCredentials channelCredentials() {
    return TlsChannelCredentials.newBuilder()
        .keyManager(new SpiffeKeyManager(svids))
        .trustManager(new SvidTrust(new SpiffeTrustManager(source)))
        .build();
  }

  public ServerCredentials serverCredentials() {
    return TlsServerCredentials.newBuilder()
        .keyManager(new SpiffeKeyManager(svids))
        .trustManager(new SvidTrust(new SpiffeTrustManager(source)))
        .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
        .build();
  }

  public SendSvidToken tokenSender() {
    return new SendSvidToken(this::tokenFor, this::isOutdated);
  }

  /** Whether we have another SVID now than in the handshake of a session. */
  private boolean isOutdated(SSLSession session) {
    return !TlsPeer.ownLeaf(session).equals(Optional.of(svids.getX509Svid().getLeaf()));
  }

  /** Signed with the key that the peer has seen in the handshake. */
  private Token tokenFor(SSLSession session) {
    X509Svid svid = TlsPeer.ownLeaf(session).flatMap(svids::of).orElseGet(svids::getX509Svid);
    return tokens.token(svid, TlsPeer.of(Optional.of(session)).map(TlsPeer::id));
  }
}
