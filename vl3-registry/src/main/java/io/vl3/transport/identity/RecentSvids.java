package io.vl3.transport.identity;

import io.spiffe.svid.x509svid.X509Svid;
import io.spiffe.svid.x509svid.X509SvidSource;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The SVIDs that a source gave lately. A connection keeps the certificate of its handshake, and the
 * other side knows our tokens by that key, so after a rotation the earlier one is needed for as
 * long as its connections live. Thread-safe.
 */
final class RecentSvids implements X509SvidSource {

  private static final int MOST = 8;

  private final X509SvidSource source;
  private final Object lock = new Object();
  private final Map<X509Certificate, X509Svid> byLeaf = new LinkedHashMap<>();

  RecentSvids(X509SvidSource source) {
    this.source = source;
  }

  @Override
  public X509Svid getX509Svid() {
    X509Svid current = source.getX509Svid();
    synchronized (lock) {
      if (byLeaf.putIfAbsent(current.getLeaf(), current) == null && byLeaf.size() > MOST) {
        byLeaf.remove(byLeaf.keySet().iterator().next());
      }
    }
    return current;
  }

  /** The SVID of a certificate of ours; empty if that is long ago. */
  Optional<X509Svid> of(X509Certificate leaf) {
    synchronized (lock) {
      return Optional.ofNullable(byLeaf.get(leaf));
    }
  }
}
