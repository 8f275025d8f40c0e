package io.vl3.transport.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A token as it says itself, and whose signature it was found to carry. Thread-safe. */
final class ReadToken {

  private final SignedJWT token;
  private final String subject;
  private final List<String> audience;
  private final Instant begins;
  private final Instant expires;
  private volatile @Nullable X509Certificate signedBy;

  private ReadToken(SignedJWT token, JWTClaimsSet claims) {
    this.token = token;
    this.subject = Objects.requireNonNullElse(claims.getSubject(), "");
    this.audience = List.copyOf(claims.getAudience());
    this.begins =
        claims.getNotBeforeTime() == null ? Instant.EPOCH : claims.getNotBeforeTime().toInstant();
    this.expires =
        claims.getExpirationTime() == null ? Instant.EPOCH : claims.getExpirationTime().toInstant();
  }

  /** Reads a token; empty if it is none. A token without expiry counts as expired. */
  static Optional<ReadToken> parse(String text) {
    try {
      SignedJWT token = SignedJWT.parse(text);
      return Optional.of(new ReadToken(token, token.getJWTClaimsSet()));
    } catch (ParseException noToken) {
      return Optional.empty();
    }
  }

  String subject() {
    return subject;
  }

  List<String> audience() {
    return audience;
  }

  /** From when on it counts. */
  Instant begins() {
    return begins;
  }

  Instant expires() {
    return expires;
  }

  /**
   * Whether it lasts longer than a certificate, so that its key was not the certificate's to use.
   */
  boolean outlives(X509Certificate certificate) {
    return expires.isAfter(certificate.getNotAfter().toInstant());
  }

  /** Whether it is of a peer: says so, and is signed with the key of its TLS certificate. */
  boolean isOf(TlsPeer peer) {
    return subject.equals(peer.id()) && isSignedBy(peer.certificate());
  }

  /** Whether it is signed (ES256) with the key of a certificate; found out once. */
  boolean isSignedBy(X509Certificate certificate) {
    if (certificate.equals(signedBy)) {
      return true;
    }
    boolean valid = verify(certificate);
    if (valid) {
      signedBy = certificate;
    }
    return valid;
  }

  private boolean verify(X509Certificate certificate) {
    if (!token.getHeader().getAlgorithm().equals(JWSAlgorithm.ES256)
        || !(certificate.getPublicKey() instanceof ECPublicKey key)) {
      return false;
    }
    try {
      return token.verify(new ECDSAVerifier(key));
    } catch (JOSEException otherCurve) {
      return false;
    }
  }
}
