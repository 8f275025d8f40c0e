package io.vl3.admin;

import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.internal.process.ProcessLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the admin services of a machine are: sockets {@code admin/NAME.sock} in a run directory, or
 * in one below it. A process holds the lock {@code admin/NAME.lock} as long as it lives: a socket
 * without a locked file is a dead process's.
 */
public final class AdminSockets {

  static final String DIRECTORY = "admin";

  private static final Logger LOG = LoggerFactory.getLogger(AdminSockets.class);

  /** The last process that leaves may remove the directory at any moment. */
  private static final int ATTEMPTS = 5;

  private static final String SOCKET = ".sock";
  private static final String LOCK = ".lock";

  /** Processes of one name, as in containers with process numbers of their own. */
  private static final int MOST_OF_A_NAME = 1_000;

  /** The demonstration's nodes have run directories below that of the machine. */
  private static final int DEPTH = 4;

  private static final int MOST = 10_000;

  private AdminSockets() {}

  /**
   * The sockets of living processes in a run directory and below it, sorted.
   *
   * @throws EndpointException DENIED or UNAVAILABLE if it cannot be looked at
   */
  public static List<Path> in(Path runDirectory) throws EndpointException {
    if (!Files.isDirectory(runDirectory)) {
      return List.of();
    }
    try {
      return socketsIn(runDirectory).stream().filter(AdminSockets::isAlive).sorted().toList();
    } catch (IOException | UncheckedIOException failure) {
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "run directory: %s (expected: one that can be read) [%s]"
              .formatted(runDirectory, failure.getMessage()),
          failure);
    }
  }

  private static List<Path> socketsIn(Path directory) throws IOException {
    Path real = directory.toRealPath(); // a symbolic link is looked through only from behind it
    try (Stream<Path> found =
        Files.find(real, DEPTH, (path, file) -> isSocket(path), new FileVisitOption[0])) {
      return found.limit(MOST).map(at -> directory.resolve(real.relativize(at))).toList();
    }
  }

  private static boolean isSocket(Path path) {
    Path directory = path.getParent();
    return path.toString().endsWith(SOCKET) && directory != null && directory.endsWith(DIRECTORY);
  }

  private static boolean isAlive(Path socket) {
    try {
      return ProcessLock.isHeld(lockOf(socket));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Path lockOf(Path socket) {
    String name = String.valueOf(socket.getFileName());
    return socket.resolveSibling(name.substring(0, name.length() - SOCKET.length()) + LOCK);
  }

  /** A place for one process's socket, which nobody else takes while the lock is held. */
  record Place(ProcessLock lock, String name) {

    /** Relative to the run directory. */
    String socket() {
      return DIRECTORY + "/" + name + SOCKET;
    }

    /** Whether others still find the lock, by which they know that we live. */
    boolean isLockThere(Path runDirectory) {
      return Files.exists(lockOf(runDirectory.resolve(socket())));
    }

    /** Gives the place back; the last one that leaves removes the directory. */
    void leave(Path runDirectory) {
      lock.close();
      try {
        Files.deleteIfExists(runDirectory.resolve(DIRECTORY));
      } catch (IOException othersAreThere) {
        LOG.debug("{}: stays: {}", runDirectory.resolve(DIRECTORY), othersAreThere.toString());
      }
    }
  }

  /** Removes the sockets of dead processes, and takes a free place. */
  static Place take(Path runDirectory, String name) throws IOException {
    NoSuchFileException removed = new NoSuchFileException(DIRECTORY);
    for (int i = 0; i < ATTEMPTS; i++) {
      try {
        return tryTake(runDirectory, name);
      } catch (NoSuchFileException byTheLastThatLeft) {
        removed = byTheLastThatLeft;
      }
    }
    throw removed;
  }

  private static Place tryTake(Path runDirectory, String name) throws IOException {
    Path directory = runDirectory.resolve(DIRECTORY);
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    sweep(directory);
    for (int i = 1; i <= MOST_OF_A_NAME; i++) {
      String tried = i == 1 ? name : name + "-" + i;
      var lock = ProcessLock.tryAcquire(directory.resolve(tried + LOCK));
      if (lock.isPresent()) {
        return new Place(lock.get(), tried);
      }
    }
    throw new IOException("%s/%s: every name is taken".formatted(directory, name));
  }

  private static void sweep(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path socket : files.filter(AdminSockets::isSocket).toList()) {
        removeIfDead(socket);
      }
    }
  }

  /** Under the lock: its name may be taken at this moment. */
  @SuppressWarnings("try") // the lock is only held
  private static void removeIfDead(Path socket) throws IOException {
    var held = ProcessLock.tryAcquire(lockOf(socket));
    if (held.isPresent()) {
      try (ProcessLock dead = held.get()) {
        Files.deleteIfExists(socket);
      }
    }
  }
}
