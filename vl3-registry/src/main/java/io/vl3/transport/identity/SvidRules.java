package io.vl3.transport.identity;

import io.spiffe.internal.CertificateUtils;
import io.spiffe.spiffeid.SpiffeId;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

/**
 * What a peer's certificate must be (SPIFFE, X509-SVID, 4 and 5), beside its chain. Our own one is
 * judged by the SPIFFE library that reads it.
 */
final class SvidRules {

  /** Places in the key usage extension (RFC 5280, 4.2.1.3). */
  private static final int DIGITAL_SIGNATURE = 0;

  private static final int KEY_CERT_SIGN = 5;
  private static final int CRL_SIGN = 6;

  private SvidRules() {}

  /** Refuses what is no workload's certificate. */
  static void check(X509Certificate leaf) throws CertificateException {
    SpiffeId id = CertificateUtils.getSpiffeId(leaf);
    if (id.getPath().isEmpty()) {
      throw unlike(id, "no path", "a workload's ID, spiffe://DOMAIN/PATH");
    }
    if (leaf.getBasicConstraints() >= 0) {
      throw unlike(id, "an authority's certificate", "a workload's");
    }
    boolean[] usage = leaf.getKeyUsage();
    if (usage == null) {
      return; // As SPIFFE's own libraries take it.
    }
    if (usage[KEY_CERT_SIGN] || usage[CRL_SIGN] || !usage[DIGITAL_SIGNATURE]) {
      throw unlike(id, "key usage of an authority", "digitalSignature, no keyCertSign, no cRLSign");
    }
  }

  private static CertificateException unlike(SpiffeId id, String what, String expected) {
    return new CertificateException("SVID %s: %s (expected: %s)".formatted(id, what, expected));
  }
}
