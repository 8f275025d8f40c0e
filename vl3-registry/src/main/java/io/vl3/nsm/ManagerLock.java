package io.vl3.nsm;

import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The right to be the machine's manager. The kernel takes it back when its process dies. */
final class ManagerLock implements AutoCloseable {

  private final FileChannel channel;

  private ManagerLock(FileChannel channel) {
    this.channel = channel;
  }

  /** The lock, if nobody has it. */
  static Optional<ManagerLock> tryAcquire(Path path) throws EndpointException {
    FileChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException failure) {
      throw unusable(path, failure);
    }
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new ManagerLock(channel));
      }
    } catch (OverlappingFileLockException heldInThisProcess) {
      // As held elsewhere.
    } catch (IOException failure) {
      closeQuietly(channel);
      throw unusable(path, failure);
    }
    closeQuietly(channel);
    return Optional.empty();
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }

  private static EndpointException unusable(Path path, IOException failure) {
    return new EndpointException(
        Reason.UNAVAILABLE,
        "%s: %s (expected: a file that can be locked)".formatted(path, failure),
        failure);
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException failure) {
      // Nothing is written through it, and the lock is gone with the descriptor either way.
    }
  }
}
