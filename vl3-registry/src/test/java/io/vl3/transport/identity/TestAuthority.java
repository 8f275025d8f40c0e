package io.vl3.transport.identity;

import io.spiffe.bundle.x509bundle.X509Bundle;
import io.spiffe.exception.BundleNotFoundException;
import io.spiffe.spiffeid.SpiffeId;
import io.spiffe.spiffeid.TrustDomain;
import io.spiffe.svid.x509svid.X509Svid;
import io.spiffe.workloadapi.X509Source;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority of a trust domain, which issues SVIDs. */
public final class TestAuthority {

  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final TrustDomain domain;
  private final KeyPair keys = keys("EC");
  private final X509Certificate root;

  public TestAuthority(String domain) {
    this.domain = TrustDomain.parse(domain);
    this.root = certify(keys, "spiffe://" + domain, true, Duration.ofHours(1));
  }

  /** A source with an SVID of one hour. */
  public Source source(String path) {
    return new Source(path);
  }

  /** An SVID. */
  public X509Svid issue(String path, Duration life) {
    return issue(path, life, "EC");
  }

  public X509Svid issue(String path, Duration life, String algorithm) {
    try {
      KeyPair own = keys(algorithm);
      X509Certificate leaf = certify(own, "spiffe://" + domain.getName() + path, false, life);
      return X509Svid.parseRaw(leaf.getEncoded(), own.getPrivate().getEncoded());
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** What no workload should have: an authority's certificate, or one without path. */
  public X509Svid forge(String path, boolean asAuthority) {
    String id = "spiffe://" + domain.getName() + path;
    KeyPair own = keys("EC");
    X509Certificate leaf = certify(own, id, asAuthority, Duration.ofHours(1));
    try {
      // Its factories refuse what must be refused by the other side.
      var constructor =
          X509Svid.class.getDeclaredConstructor(
              SpiffeId.class, List.class, PrivateKey.class, String.class);
      constructor.setAccessible(true);
      return constructor.newInstance(SpiffeId.parse(id), List.of(leaf), own.getPrivate(), "");
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  X509Bundle bundle() {
    return new X509Bundle(domain, Set.of(root));
  }

  public X509Certificate root() {
    return root;
  }

  public static String pem(X509Certificate certificate) throws Exception {
    return pem("CERTIFICATE", certificate.getEncoded());
  }

  public static String keyPem(X509Svid svid) {
    return pem("PRIVATE KEY", svid.getPrivateKey().getEncoded());
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(der), what);
  }

  private static KeyPair keys(String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      } else {
        generator.initialize(2048);
      }
      return generator.generateKeyPair();
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private X509Certificate certify(KeyPair subject, String uri, boolean authority, Duration life) {
    Instant now = Instant.now();
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              new X500Name("CN=" + domain.getName()),
              BigInteger.valueOf(SERIAL.getAndIncrement()),
              Date.from(now.minusSeconds(60)),
              Date.from(now.plus(life)),
              new X500Name(authority ? "CN=" + domain.getName() : "O=test"),
              subject.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      builder.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(authority ? KeyUsage.keyCertSign : KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Our SVID, which can be rotated. */
  public final class Source implements X509Source {

    private final String path;
    private volatile X509Svid current;

    private Source(String path) {
      this.path = path;
      this.current = issue(path, Duration.ofHours(1));
    }

    /** A new certificate with a new key. */
    public void rotate() {
      current = issue(path, Duration.ofHours(1));
    }

    void set(X509Svid svid) {
      current = svid;
    }

    @Override
    public X509Svid getX509Svid() {
      return current;
    }

    @Override
    public X509Bundle getBundleForTrustDomain(TrustDomain asked) throws BundleNotFoundException {
      return bundle().getBundleForTrustDomain(asked);
    }

    @Override
    public void close() {}
  }
}
