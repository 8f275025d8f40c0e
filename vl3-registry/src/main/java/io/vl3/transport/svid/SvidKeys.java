package io.vl3.transport.svid;

import io.spiffe.svid.x509svid.X509Svid;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;

/** The requirements for keys of SVIDs. */
final class SvidKeys {

  private static final int P256_BITS = 256;
  private static final byte[] PROBE = "vl3".getBytes(StandardCharsets.US_ASCII);

  private SvidKeys() {}

  /** Refuses a key that tokens cannot be signed with, or that is not the certificate's. */
  static void check(X509Svid svid, String whence) throws EndpointException {
    if (!(svid.getPrivateKey() instanceof ECPrivateKey key)
        || key.getParams().getCurve().getField().getFieldSize() != P256_BITS) {
      throw new EndpointException(
          Reason.INVALID,
          "%s: a key of %s (expected: EC P-256, for tokens are signed by ES256)"
              .formatted(whence, svid.getPrivateKey().getAlgorithm()));
    }
    if (!isKeyOf(svid, key)) {
      throw new EndpointException(
          Reason.INVALID, "%s: another key (expected: the certificate's)".formatted(whence));
    }
  }

  private static boolean isKeyOf(X509Svid svid, ECPrivateKey key) {
    try {
      Signature signing = Signature.getInstance("SHA256withECDSA");
      signing.initSign(key);
      signing.update(PROBE);
      byte[] signed = signing.sign();
      signing.initVerify(svid.getLeaf());
      signing.update(PROBE);
      return signing.verify(signed);
    } catch (GeneralSecurityException unlike) {
      return false;
    }
  }
}
