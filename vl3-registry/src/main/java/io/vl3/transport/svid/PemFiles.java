package io.vl3.transport.svid;

import io.spiffe.bundle.x509bundle.X509Bundle;
import io.spiffe.exception.BundleNotFoundException;
import io.spiffe.exception.X509BundleException;
import io.spiffe.exception.X509SvidException;
import io.spiffe.spiffeid.TrustDomain;
import io.spiffe.svid.x509svid.X509Svid;
import io.spiffe.workloadapi.X509Source;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.log.Outage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An SVID and whom to trust from three PEM files, read again when one of them has changed. Files
 * that do not fit together, as halfway through a change, leave what was read before. Thread-safe.
 */
public final class PemFiles implements X509Source {

  private static final Logger LOG = LoggerFactory.getLogger(PemFiles.class);

  private final Path certificate;
  private final Path key;
  private final Path trust;
  private final Outage exposure;
  private final Object lock = new Object();
  private Material current;
  private List<Object> tried;

  private PemFiles(Path certificate, Path key, Path trust, InstantSource clock)
      throws EndpointException {
    this.certificate = certificate;
    this.key = key;
    this.trust = trust;
    this.exposure = new Outage(LOG, clock);
    this.tried = marks();
    this.current = read();
  }

  /**
   * Reads the files.
   *
   * @param certificate our SVID, then what leads from it to a trusted authority
   * @param key its private key: EC P-256, PKCS 8
   * @param trust the authorities of our trust domain
   * @param clock by which the log says how long others could read the key
   * @throws EndpointException INVALID if they are no such files
   */
  public static PemFiles open(Path certificate, Path key, Path trust, InstantSource clock)
      throws EndpointException {
    return new PemFiles(certificate, key, trust, clock);
  }

  @Override
  public X509Svid getX509Svid() {
    return material().svid;
  }

  @Override
  public X509Bundle getBundleForTrustDomain(TrustDomain domain) throws BundleNotFoundException {
    X509Bundle bundle = material().bundle;
    if (!bundle.getTrustDomain().equals(domain)) {
      throw new BundleNotFoundException(
          "trust domain: %s (expected: %s)".formatted(domain, bundle.getTrustDomain()));
    }
    return bundle;
  }

  @Override
  public void close() {}

  private Material material() {
    synchronized (lock) {
      List<Object> now = marks();
      if (!now.equals(tried)) {
        tried = now;
        try {
          current = read();
          LOG.info("{}: read again", certificate);
        } catch (EndpointException unfit) {
          LOG.warn("{}: what was read before stays: {}", certificate, unfit.getMessage());
        }
      }
      return current;
    }
  }

  private Material read() throws EndpointException {
    try {
      X509Svid svid = X509Svid.parse(Files.readAllBytes(certificate), Files.readAllBytes(key));
      SvidKeys.check(svid, key.toString());
      X509Bundle bundle =
          X509Bundle.parse(svid.getSpiffeId().getTrustDomain(), Files.readAllBytes(trust));
      warnOfReaders();
      return new Material(svid, bundle);
    } catch (IOException | X509SvidException | X509BundleException failure) {
      throw new EndpointException(
          Reason.INVALID,
          "%s, %s, %s: unusable (expected: an SVID, its key, its authorities, in PEM) [%s]"
              .formatted(certificate, key, trust, failure.getMessage()),
          failure);
    }
  }

  /** Everybody who can read the key can be us. */
  private void warnOfReaders() throws IOException {
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(key);
    if (mode.contains(PosixFilePermission.OTHERS_READ)) {
      exposure.failed(
          "%s: mode %s (expected: no right for others, as in rw-------) [everybody on this machine can read the private key]"
              .formatted(key, PosixFilePermissions.toString(mode)));
    } else {
      exposure.ended("%s: no longer readable by others".formatted(key));
    }
  }

  /** The marks that change when a file does. */
  private List<Object> marks() {
    List<Object> marks = new ArrayList<>();
    for (Path file : List.of(certificate, key, trust)) {
      try {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        marks.add(attributes.lastModifiedTime());
        marks.add(attributes.size());
        marks.add(String.valueOf(attributes.fileKey()));
      } catch (IOException missing) {
        marks.add("missing");
      }
    }
    return marks;
  }

  private record Material(X509Svid svid, X509Bundle bundle) {}
}
