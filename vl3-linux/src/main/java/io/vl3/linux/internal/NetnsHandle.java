package io.vl3.linux.internal;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * An open network namespace. While it is open the namespace exists and its inode number is not
 * reused.
 */
public final class NetnsHandle implements AutoCloseable {

  private final Path path;
  private final int descriptor;
  private boolean closed;

  private NetnsHandle(Path path, int descriptor) {
    this.path = path;
    this.descriptor = descriptor;
  }

  /** Opens the namespace that the file stands for. */
  public static NetnsHandle open(Path path) throws IOException {
    try {
      return new NetnsHandle(path, Libc.open(path.toString(), Libc.O_CLOEXEC | Libc.O_NONBLOCK));
    } catch (LastErrorException e) {
      throw failure(path, e);
    }
  }

  /** The number of the open descriptor. */
  public int descriptor() {
    return descriptor;
  }

  /** Device and inode of the namespace, which name it while it is open. */
  public NetnsId id() throws IOException {
    return NetnsId.of(Path.of("/proc/self/fd/" + descriptor));
  }

  /**
   * Moves the calling thread into the namespace. The thread must be one that serves nothing else
   * afterwards.
   */
  public void enter() throws IOException {
    try {
      Libc.setns(descriptor, Libc.CLONE_NEWNET);
    } catch (LastErrorException e) {
      throw failure(path, e);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Libc.close(descriptor);
    }
  }

  private static IOException failure(Path path, LastErrorException e) {
    return new NetlinkException(
        e.getErrorCode(),
        "network namespace: %s (expected: one that may be entered) [%s]"
            .formatted(path, Libc.strerror(e.getErrorCode())),
        e);
  }
}
