package io.vl3.internal.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lock on a file that the kernel releases when its process dies, however it dies: it tells a live
 * instance from a dead one. Releasing it removes the file; the file of a dead process stays, and is
 * taken over. For Linux.
 */
public final class ProcessLock implements AutoCloseable {

  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final Set<StandardOpenOption> CREATED_OR_FOUND =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /**
   * Files that this process has locked. POSIX drops a process's lock when it closes any descriptor
   * of the file, so a file that is ours must not even be opened again.
   */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  /** Which file it is: no other has its key while it is open, also after its removal. */
  private final Object key;

  private ProcessLock(Path file, FileChannel channel, Object key) {
    this.file = file;
    this.channel = channel;
    this.key = key;
  }

  /**
   * Takes the lock; empty if a live process, or another part of this one, has it.
   *
   * @param file made with its directories if it is not there, mode 0600
   */
  public static Optional<ProcessLock> tryAcquire(Path file) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    Path directory = absolute.getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    if (!OURS.add(absolute)) {
      return Optional.empty();
    }
    // What they close would take our lock along.
    LockWait.endFor(absolute);
    Optional<ProcessLock> locked = Optional.empty();
    try {
      locked = lock(absolute);
      return locked;
    } finally {
      if (locked.isEmpty()) {
        OURS.remove(absolute);
      }
    }
  }

  /** Whether this process has locked the file, which it must not open then. */
  static boolean isOurs(Path file) {
    return OURS.contains(file);
  }

  /** Whether a live process holds the lock; what a dead one left is removed. */
  public static boolean isHeld(Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    Optional<ProcessLock> lock = tryAcquire(file);
    lock.ifPresent(ProcessLock::close);
    return lock.isEmpty();
  }

  /**
   * Whether others still find it. A lock whose file somebody has deleted keeps nobody out: another
   * process may have made and locked a new one.
   */
  public boolean isInPlace() throws IOException {
    return channel.isOpen() && isStillThere();
  }

  /** Releases the lock and removes the file, unless another's has taken its place; idempotent. */
  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      // While it is locked: afterwards it may be somebody else's.
      if (isStillThere()) {
        Files.deleteIfExists(file);
      }
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      OURS.remove(file);
    }
  }

  private static Optional<ProcessLock> lock(Path file) throws IOException {
    while (true) {
      FileChannel channel = FileChannel.open(file, CREATED_OR_FOUND, PRIVATE);
      boolean ours = false;
      try {
        if (channel.tryLock() == null) {
          return Optional.empty();
        }
        // Who held the lock before may have removed the file in between.
        Optional<Object> key = keyOf(file);
        ours = key.isPresent() && isOpenHere(file);
        if (ours) {
          return key.map(found -> new ProcessLock(file, channel, found));
        }
      } finally {
        if (!ours) {
          channel.close();
        }
      }
    }
  }

  private boolean isStillThere() throws IOException {
    return keyOf(file).equals(Optional.of(key));
  }

  /** Which file is there now; empty: none. */
  private static Optional<Object> keyOf(Path file) throws IOException {
    try {
      return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    } catch (NoSuchFileException removed) {
      return Optional.empty();
    }
  }

  /**
   * Whether the file that is open here is the one that others will find. Linux shows a removed
   * file's descriptor as deleted.
   */
  private static boolean isOpenHere(Path file) throws IOException {
    Path real;
    try {
      real = file.toRealPath();
    } catch (NoSuchFileException removed) {
      return false;
    }
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path descriptor : descriptors) {
        if (pointsTo(descriptor, real)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean pointsTo(Path descriptor, Path real) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor).equals(real);
    } catch (NoSuchFileException closedMeanwhile) {
      return false;
    }
  }
}
