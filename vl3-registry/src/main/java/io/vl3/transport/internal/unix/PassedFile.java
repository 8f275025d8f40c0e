package io.vl3.transport.internal.unix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file held open by a descriptor, to be passed on or as it was received. While it is held, its
 * device and inode number belong to no other file. Its holder closes it. Thread-safe.
 */
public final class PassedFile implements AutoCloseable {

  private final int descriptor;
  private final String inodeUrl;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** How many share the descriptor; the last one closes it. */
  private final AtomicInteger sharing;

  private PassedFile(int descriptor, String inodeUrl, AtomicInteger sharing) {
    this.descriptor = descriptor;
    this.inodeUrl = inodeUrl;
    this.sharing = sharing;
  }

  /**
   * Opens a file for passing only: neither read nor written, whatever it is (O_PATH).
   *
   * @throws IOException if there is none, or it is out of reach
   */
  public static PassedFile open(Path path) throws IOException {
    int descriptor = Libc.open(path.toString(), Libc.O_PATH | Libc.O_CLOEXEC);
    if (descriptor < 0) {
      throw new IOException("open: %s [%s]".formatted(path, Libc.strerror(Libc.errno())));
    }
    return ofDescriptor(descriptor);
  }

  /** Takes over an open descriptor; it is closed if the file cannot be identified. */
  static PassedFile ofDescriptor(int descriptor) throws IOException {
    try {
      return new PassedFile(descriptor, inodeUrl(pathOf(descriptor)), new AtomicInteger(1));
    } catch (IOException | RuntimeException failure) {
      Libc.close(descriptor);
      throw failure;
    }
  }

  /** {@code inode://DEVICE/INODE} of the file at a path, links followed. */
  public static String inodeUrl(Path path) throws IOException {
    Map<String, Object> found = Files.readAttributes(path, "unix:dev,ino");
    return "inode://%s/%s".formatted(found.get("dev"), found.get("ino"));
  }

  /** {@code inode://DEVICE/INODE}, the name of the file between processes. */
  public String inodeUrl() {
    return inodeUrl;
  }

  /** The file in this process: {@code /proc/self/fd/N}; meaningless once closed. */
  public Path path() {
    return pathOf(descriptor);
  }

  /** A second hold on the same descriptor, closed by itself; for who has this one open. */
  PassedFile share() {
    sharing.incrementAndGet();
    return new PassedFile(descriptor, inodeUrl, sharing);
  }

  int descriptor() {
    return descriptor;
  }

  /** Lets the file go; idempotent. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true) && sharing.decrementAndGet() == 0) {
      Libc.close(descriptor);
    }
  }

  @Override
  public String toString() {
    return inodeUrl;
  }

  private static Path pathOf(int descriptor) {
    return Path.of("/proc/self/fd/" + descriptor);
  }
}
