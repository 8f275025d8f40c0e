package io.vl3.cli.diagnose.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** X.509 SVIDs as they are, valid or not. */
final class Certificates {

  private static final int URI_NAME = 6;
  private static final String SPIFFE = "spiffe://";

  private Certificates() {}

  /**
   * The certificates of a PEM file, in its order.
   *
   * @throws IOException if it cannot be read, or has none
   */
  static List<X509Certificate> read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (all.isEmpty()) {
        throw new IOException(file + ": no certificate (expected: PEM)");
      }
      return all;
    } catch (CertificateException damaged) {
      throw new IOException("%s: %s".formatted(file, damaged.getMessage()), damaged);
    }
  }

  /** The SPIFFE ID of a certificate (X509-SVID, section 2). */
  static Optional<String> spiffeId(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? Optional.empty()
          : names.stream()
              .filter(name -> Integer.valueOf(URI_NAME).equals(name.get(0)))
              .map(name -> String.valueOf(name.get(1)))
              .filter(uri -> uri.startsWith(SPIFFE))
              .findFirst();
    } catch (CertificateParsingException damaged) {
      return Optional.empty();
    }
  }

  /** The trust domain of a certificate's SPIFFE ID. */
  static Optional<String> trustDomain(X509Certificate certificate) {
    return spiffeId(certificate).map(id -> id.substring(SPIFFE.length()).split("/", -1)[0]);
  }

  /** Whether a chain, the leaf first, leads to one of the authorities, whatever the time. */
  static boolean leadsTo(List<X509Certificate> chain, List<X509Certificate> authorities) {
    for (int i = 0; i < chain.size(); i++) {
      X509Certificate at = chain.get(i);
      if (authorities.stream().anyMatch(authority -> isSignedBy(at, authority))) {
        return true;
      }
      if (i + 1 < chain.size() && !isSignedBy(at, chain.get(i + 1))) {
        return false;
      }
    }
    return false;
  }

  private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException another) {
      return false;
    }
  }
}
