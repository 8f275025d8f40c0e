package io.vl3.nsm.manager;

import io.vl3.connection.ConnectionId;
import io.vl3.internal.process.ProcessLock;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who has joined in a run directory: a locked file for each, which its death releases. The last one
 * to leave knows by it that nobody takes over. Used by one thread at a time.
 */
final class Members implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Members.class);

  private final Path directory;
  private final Path own;
  private Optional<ProcessLock> lock = Optional.empty();

  /**
   * Nobody of ours yet.
   *
   * @param directory where the files are; made when the first joins, removed when the last leaves
   */
  Members(Path directory) {
    this.directory = directory;
    this.own = directory.resolve(ConnectionId.random().value() + ".lock");
  }

  /** Counts us among them, also after somebody has deleted our file. */
  void join() throws IOException {
    if (lock.isPresent() && Files.exists(own)) {
      return;
    }
    lock.ifPresent(ProcessLock::close);
    lock = ProcessLock.tryAcquire(own);
  }

  /** Whether anybody else is among them; the files of the dead are removed. */
  boolean hasOthers() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.lock")) {
      for (Path file : files) {
        if (!file.equals(own) && ProcessLock.isHeld(file)) {
          return true;
        }
      }
      return false;
    } catch (NoSuchFileException | NotDirectoryException nobody) {
      return false;
    }
  }

  /** Leaves; idempotent. */
  @Override
  public void close() {
    lock.ifPresent(ProcessLock::close);
    lock = Optional.empty();
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException others) {
      LOG.debug("{}: stays, others are there", directory);
    } catch (IOException failure) {
      LOG.warn("{}: stays", directory, failure);
    }
  }
}
