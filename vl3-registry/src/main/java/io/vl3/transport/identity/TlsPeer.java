package io.vl3.transport.identity;

import io.spiffe.internal.CertificateUtils;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Who is at the other side of a TLS connection.
 *
 * @param id its SPIFFE ID
 * @param certificate what it proved that by
 */
public record TlsPeer(String id, X509Certificate certificate) {

  /** The peer of a session; empty if there is no TLS. */
  public static Optional<TlsPeer> of(Optional<SSLSession> session) {
    return session.flatMap(TlsPeer::peer);
  }

  /** Our own certificate in a session. */
  static Optional<X509Certificate> ownLeaf(SSLSession session) {
    Certificate[] own = session.getLocalCertificates();
    return own != null && own.length > 0 && own[0] instanceof X509Certificate leaf
        ? Optional.of(leaf)
        : Optional.empty();
  }

  private static Optional<TlsPeer> peer(SSLSession session) {
    try {
      X509Certificate leaf = (X509Certificate) session.getPeerCertificates()[0];
      return Optional.of(new TlsPeer(CertificateUtils.getSpiffeId(leaf).toString(), leaf));
    } catch (SSLPeerUnverifiedException | CertificateException unproven) {
      return Optional.empty();
    }
  }
}
