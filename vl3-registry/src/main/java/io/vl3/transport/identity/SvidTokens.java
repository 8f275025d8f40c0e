package io.vl3.transport.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import io.spiffe.svid.x509svid.X509Svid;
import io.vl3.connection.Token;
import io.vl3.time.Timer;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Our own tokens (JWT, RFC 7519; ES256 with the key of an SVID, as NSM v1's {@code spiffejwt}):
 * {@code sub} is our SPIFFE ID, {@code aud} the peer's. One is used again for a peer until half of
 * its life is over. None outlives its SVID. Thread-safe.
 */
final class SvidTokens {

  private static final int MOST_PEERS = 4096;
  private static final JWSHeader HEADER =
      new JWSHeader.Builder(JWSAlgorithm.ES256).type(JOSEObjectType.JWT).build();

  private final Timer timer;
  private final Duration lifetime;
  private final Map<Use, Made> known = LruMap.of(MOST_PEERS);

  /**
   * Tokens.
   *
   * @param lifetime how long each lasts at most
   */
  SvidTokens(Timer timer, Duration lifetime) {
    this.timer = timer;
    this.lifetime = lifetime;
  }

  /** A token of an SVID, for a peer or for nobody in particular. */
  Token token(X509Svid svid, Optional<String> audience) {
    Use use = new Use(svid.getLeaf(), audience.orElse(""));
    Instant now = timer.instant();
    synchronized (known) {
      Made before = known.get(use);
      if (before != null && now.isBefore(before.renew)) {
        return before.token;
      }
    }
    Made made = make(svid, audience, now);
    synchronized (known) {
      known.put(use, made);
    }
    return made.token;
  }

  private Made make(X509Svid svid, Optional<String> audience, Instant now) {
    Instant end = svid.getLeaf().getNotAfter().toInstant();
    Instant longest = now.plus(lifetime);
    Instant expires =
        Instant.ofEpochSecond((end.isBefore(longest) ? end : longest).getEpochSecond());
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("sub", svid.getSpiffeId().toString());
    claims.put("exp", expires.getEpochSecond());
    // A list of one: NSM's policies look into a list, and a text is none.
    audience.ifPresent(peer -> claims.put("aud", List.of(peer)));
    Instant renew = now.plus(Duration.between(now, expires).dividedBy(2));
    return new Made(new Token(signed(svid, claims), expires), renew);
  }

  private static String signed(X509Svid svid, Map<String, Object> claims) {
    JWSObject token = new JWSObject(HEADER, new Payload(claims));
    try {
      token.sign(new ECDSASigner((ECPrivateKey) svid.getPrivateKey()));
    } catch (JOSEException impossible) {
      throw new IllegalStateException("ES256 with a key that was checked", impossible);
    }
    return token.serialize();
  }

  private record Use(X509Certificate leaf, String audience) {}

  private record Made(Token token, Instant renew) {}
}
