package io.vl3.dist.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, as OCI writes it. */
final class Digests {

  private Digests() {}

  /** Everything that is written passes the digest, which {@link #of(DigestOutputStream)} tells. */
  static DigestOutputStream watching(OutputStream out) {
    return new DigestOutputStream(out, sha256());
  }

  static String of(DigestOutputStream out) {
    return text(out.getMessageDigest());
  }

  static String of(Path file) throws IOException {
    DigestOutputStream digest = watching(OutputStream.nullOutputStream());
    Files.copy(file, digest);
    return of(digest);
  }

  private static String text(MessageDigest digest) {
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
