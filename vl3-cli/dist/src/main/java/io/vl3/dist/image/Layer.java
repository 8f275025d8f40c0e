package io.vl3.dist.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * A layer of an image.
 *
 * @param blob its tar, compressed
 * @param diffId the digest of its tar
 */
record Layer(Blob blob, String diffId) {

  private static final String TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";

  /**
   * Writes a directory as a layer, names sorted.
   *
   * @param capabilities by the path of the file, such as {@code usr/bin/ping}
   * @param file what is written
   */
  static Layer write(
      Path directory, Map<String, FileCapabilities> capabilities, Instant time, Path file)
      throws IOException {
    DigestOutputStream compressed = Digests.watching(Files.newOutputStream(file));
    DigestOutputStream plain = Digests.watching(gzip(compressed));
    try (Tar tar = new Tar(plain, time)) {
      for (Path path : below(directory)) {
        String name = directory.relativize(path).toString();
        FileCapabilities some = capabilities.get(name);
        tar.add(name, path, some == null ? Map.of() : some.paxHeaders());
      }
    }
    return new Layer(
        new Blob(file, TYPE, Digests.of(compressed), Files.size(file)), Digests.of(plain));
  }

  /** Its header has no time. */
  private static OutputStream gzip(OutputStream out) throws IOException {
    return new GZIPOutputStream(new BufferedOutputStream(out, 1 << 16), 1 << 16);
  }

  private static List<Path> below(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.filter(path -> !path.equals(directory)).sorted().toList();
    }
  }
}
