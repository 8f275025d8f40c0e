package io.vl3.transport.internal.unix;

import io.grpc.Grpc;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.CallerKey;
import io.vl3.transport.internal.socket.SocketNumber;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Open files that travel beside the bytes of a unix connection (SCM_RIGHTS). Between processes a
 * file is named {@code inode://DEVICE/INODE}. Thread-safe.
 */
public interface FilePassing {

  /**
   * Sends a file with the next bytes of the connection; they carry at least what the caller writes
   * afterwards.
   *
   * @return its inode URL
   * @throws EndpointException NOT_FOUND if it cannot be opened, UNAVAILABLE if the connection is
   *     closed
   */
  String send(Path file) throws EndpointException;

  /**
   * Takes a file that the other side sent; waits for it. The caller closes it.
   *
   * @param inodeUrl which one
   * @param patience how long to wait at most
   * @throws EndpointException INVALID if it does not come, UNAVAILABLE if the connection is closed
   */
  PassedFile receive(String inodeUrl, Duration patience) throws EndpointException;

  /** That of the connection by which the call in this thread's context came, if it has one. */
  static Optional<FilePassing> ofCall() {
    return CallerKey.currentAttribute(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
        .flatMap(UnixPeer::filesOf)
        .map(files -> files);
  }

  /** Whether the call in this thread's context came from this machine, over a unix socket. */
  static boolean isLocalCall() {
    return CallerKey.currentAttribute(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
        .filter(UnixPeer.class::isInstance)
        .isPresent();
  }

  /**
   * Checks that unix connections pass files in this JVM.
   *
   * @param what what needs it, for the message
   * @throws EndpointException INVALID if the JVM lacks an option, which it names
   */
  static void require(String what) throws EndpointException {
    if (!isPossible()) {
      throw new EndpointException(
          Reason.INVALID,
          "%s: no files can be passed there (expected: JVM option %s)"
              .formatted(what, SocketNumber.OPTION));
    }
  }

  /** Whether unix connections pass files in this JVM. */
  static boolean isPossible() {
    return SocketNumber.isKnown();
  }
}
