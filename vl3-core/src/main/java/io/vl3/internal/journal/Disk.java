package io.vl3.internal.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The few things a journal does to a disk; tests fail them one by one. */
class Disk {

  /** A file that grows at its end. */
  interface Appender extends Closeable {

    void write(ByteBuffer bytes) throws IOException;

    /** Returns when what was written is on the disk. */
    void force() throws IOException;
  }

  /** Opens a file to append behind its first bytes; what is there beyond them is cut off. */
  Appender append(Path file, long behind) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      channel.truncate(behind).position(behind);
      return new Channel(channel);
    } catch (IOException failure) {
      channel.close();
      throw failure;
    }
  }

  /** Puts a file in place of another, lastingly. */
  void replace(Path fresh, Path file) throws IOException {
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    forceDirectory(file);
  }

  /** A new name is on the disk only when its directory is. */
  void forceDirectory(Path file) throws IOException {
    try (FileChannel directory = FileChannel.open(directory(file), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  static Path directory(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("file: " + file + " (expected: one in a directory)");
    }
    return parent;
  }

  private record Channel(FileChannel channel) implements Appender {

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
