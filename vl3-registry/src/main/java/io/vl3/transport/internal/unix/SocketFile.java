package io.vl3.transport.internal.unix;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file of a listening unix socket.
 *
 * @param path where it is
 * @param key which file it is, should another take its place
 * @param allowed who may connect
 */
public record SocketFile(Path path, @Nullable Object key, UnixPeer.Allowed allowed) {

  /** The file that binding has just made; nobody else may use it from now on. */
  static SocketFile made(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    return of(path);
  }

  /** The file of a server that listens. */
  public static SocketFile of(Path path) throws IOException {
    return new SocketFile(path, keyOf(path), UnixPeer.Allowed.byOwnerOf(path));
  }

  /**
   * Makes room for a new server: removes the file of a dead one. Two servers that start at the same
   * moment must hold a lock of their own.
   *
   * @throws EndpointException CONFLICT if a server is alive there, or the file is no socket
   */
  public static void clear(Path path) throws EndpointException {
    try {
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      if (!attributes(path).isOther()) {
        throw conflict(path, "a free path, or the socket of a dead server", "is another file");
      }
      if (answers(path)) {
        throw conflict(path, "no server there", "one answers");
      }
      Files.deleteIfExists(path);
    } catch (IOException failure) {
      throw new EndpointException(
          Reason.INTERNAL, "listen: unix://%s [%s]".formatted(path, failure), failure);
    }
  }

  /** Whether it is still what a client finds there. */
  public boolean isInPlace() {
    try {
      return Objects.equals(key, keyOf(path));
    } catch (IOException gone) {
      return false;
    }
  }

  /** Removes the file unless another server's has taken its place. */
  void remove() throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && Objects.equals(key, keyOf(path))) {
      Files.deleteIfExists(path);
    }
  }

  private static boolean answers(Path path) throws IOException {
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return probe.isConnected();
    } catch (ConnectException refused) {
      return false;
    }
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    return attributes(path).fileKey();
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static EndpointException conflict(Path path, String expected, String context) {
    return new EndpointException(
        Reason.CONFLICT,
        "listen: unix://%s (expected: %s) [%s]".formatted(path, expected, context));
  }
}
