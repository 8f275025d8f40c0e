package io.vl3.cli.assembly;

import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A lock on a file, held for as long as its process lives: tells a live instance from a dead one.
 * The file stays when the lock goes, so that no two processes ever hold locks on different files of
 * one name.
 */
public final class InstanceLock implements AutoCloseable {

  private final FileChannel channel;

  private InstanceLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param what what it stands for, for the message
   * @throws EndpointException CONFLICT if another process, or this one, holds it
   */
  public static InstanceLock take(Path file, String what) throws IOException, EndpointException {
    Files.createDirectories(
        file.toAbsolutePath().getParent(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (tryLock(channel).isEmpty()) {
      String holder = Files.readString(file).strip();
      channel.close();
      throw new EndpointException(
          Reason.CONFLICT,
          "%s: %s (expected: not running already) [process %s holds %s]"
              .formatted("instance", what, holder, file));
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
    return new InstanceLock(channel);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException ours) {
      return Optional.empty();
    }
  }
}
