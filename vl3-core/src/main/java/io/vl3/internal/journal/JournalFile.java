package io.vl3.internal.journal;

import io.vl3.internal.process.ProcessLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of a journal. Used by one thread at a time, and by one process. Calls block. */
final class JournalFile implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private final Disk disk;
  private final ProcessLock lock;
  private Disk.Appender appender;
  private long size;

  private JournalFile(Path file, Disk disk, ProcessLock lock, Disk.Appender appender, long size) {
    this.file = file;
    this.disk = disk;
    this.lock = lock;
    this.appender = appender;
    this.size = size;
  }

  /**
   * Opens a file, which is made if it is not there, and applies its whole records to a map. Bytes
   * behind the last whole record are cut off.
   *
   * @throws IOException also if another process has it open, or it is of another version
   */
  static JournalFile open(Path file, Disk disk, Map<String, String> into) throws IOException {
    Files.createDirectories(
        Disk.directory(file),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    ProcessLock lock = lock(file);
    try {
      long whole = replay(file, into);
      Disk.Appender appender = disk.append(file, whole);
      Files.setPosixFilePermissions(file, OWNER_ONLY);
      appender.force();
      disk.forceDirectory(file);
      return new JournalFile(file, disk, lock, appender, whole);
    } catch (IOException | RuntimeException failure) {
      lock.close();
      throw failure;
    }
  }

  /** How many bytes the file has. */
  long size() {
    return size;
  }

  Path path() {
    return file;
  }

  /** Appends records; they are on the disk when this returns. */
  void append(List<ByteBuffer> records) throws IOException {
    size += write(appender, records);
  }

  /**
   * Writes a new content beside the file. A failure leaves the file as it is.
   *
   * @return what {@link #install} takes
   */
  Fresh prepare(List<ByteBuffer> records) throws IOException {
    Path path = file.resolveSibling(file.getFileName() + ".new");
    Disk.Appender written = disk.append(path, 0);
    try {
      return new Fresh(path, written, write(written, records));
    } catch (IOException | RuntimeException failure) {
      written.close();
      throw failure;
    }
  }

  /**
   * Puts a new content in place; a crash leaves either the old one or the new one. After a failure
   * nobody knows which.
   */
  void install(Fresh fresh) throws IOException {
    Disk.Appender old = appender;
    appender = fresh.appender;
    size = fresh.size;
    try {
      disk.replace(fresh.path, file);
    } finally {
      old.close();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      appender.close();
    } finally {
      lock.close();
    }
  }

  /** A new content, on the disk under another name. */
  record Fresh(Path path, Disk.Appender appender, long size) {}

  private static long write(Disk.Appender to, List<ByteBuffer> records) throws IOException {
    int length = records.stream().mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer all = ByteBuffer.allocate(length);
    records.forEach(record -> all.put(record.duplicate()));
    to.write(all.flip());
    to.force();
    return length;
  }

  /** How many bytes the whole records take, counted from the file's begin. */
  private static long replay(Path file, Map<String, String> into) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    try {
      for (Optional<List<Change>> record = JournalRecord.decode(bytes);
          record.isPresent();
          record = JournalRecord.decode(bytes)) {
        record.get().forEach(change -> apply(change, into));
      }
    } catch (UnsupportedOperationException version) {
      throw new IOException("journal: " + file + ": " + version.getMessage(), version);
    }
    if (bytes.hasRemaining()) {
      LOG.warn(
          "journal {}: its last {} of {} bytes are no whole record, as after a crash: left out",
          file,
          bytes.remaining(),
          bytes.limit());
    }
    return bytes.position();
  }

  static void apply(Change change, Map<String, String> to) {
    change.value().ifPresentOrElse(v -> to.put(change.key(), v), () -> to.remove(change.key()));
  }

  /** Replacing the file would lose a lock on itself, so there is one beside it. */
  private static ProcessLock lock(Path file) throws IOException {
    return ProcessLock.tryAcquire(file.resolveSibling(file.getFileName() + ".lock"))
        .orElseThrow(
            () ->
                new IOException(
                    "journal: %s (expected: one that nobody has open)".formatted(file)));
  }
}
