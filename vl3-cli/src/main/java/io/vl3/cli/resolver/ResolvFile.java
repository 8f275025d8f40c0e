package io.vl3.cli.resolver;

import io.vl3.connection.DnsConfig;
import io.vl3.internal.process.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The part of one client in a {@code resolv.conf} that several clients may share. The file is
 * written in place, since programs may see it by a mount of its own, which a new file does not
 * reach; what is written is on the disk beside it before, so that a crash leaves the old content or
 * the new one to the next client. Thread-safe; calls block.
 */
public final class ResolvFile {

  private final Path file;
  private final Path copy;
  private final Path lock;
  private final String client;
  private boolean ended;

  /**
   * Writes nothing yet.
   *
   * @param file the {@code resolv.conf}, made if there is none; a link is followed
   * @param lock held while it is changed, by every client that shares it
   * @param client tells the client from the others, and is the same in its next run
   */
  public ResolvFile(Path file, Path lock, String client) {
    this.file = file;
    this.copy = file.resolveSibling(file.getFileName() + ".vl3");
    this.lock = lock;
    this.client = client.replaceAll("\\s", "_");
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** Writes what the client is told now, in place of what it was told before. */
  public synchronized void tell(List<DnsConfig> configs) throws IOException {
    if (!ended) {
      ResolvText.Told told = ResolvText.Told.of(configs);
      change(text -> told.servers().isEmpty() ? text.without(client) : text.with(client, told));
    }
  }

  /**
   * Takes the client's part out. What the last client leaves is what stood there before; a file
   * that somebody else has written meanwhile stays as it is. Idempotent.
   */
  public synchronized void end() throws IOException {
    if (!ended) {
      ended = true;
      change(text -> text.without(client));
    }
  }

  @SuppressWarnings("try") // the lock is only held
  private void change(UnaryOperator<ResolvText> change) throws IOException {
    makeDirectoryOf(lock);
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = channel.lock()) {
      Optional<String> before = read(file);
      // A copy is what a client that was killed did not write to its end.
      Optional<String> current = read(copy).or(() -> before);
      Optional<String> after = change.apply(ResolvText.parse(current)).text();
      if (!after.equals(before)) {
        write(after);
      }
      Files.deleteIfExists(copy);
    }
  }

  private void write(Optional<String> text) throws IOException {
    if (text.isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    makeDirectoryOf(file);
    byte[] bytes = text.get().getBytes(StandardCharsets.UTF_8);
    DurableFile.replace(copy, copy.resolveSibling(copy.getFileName() + "-new"), bytes);
    overwrite(bytes);
  }

  private void overwrite(byte[] content) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.truncate(content.length);
      channel.force(true);
    }
  }

  private static Optional<String> read(Path from) throws IOException {
    try {
      return Optional.of(Files.readString(from));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  private static void makeDirectoryOf(Path of) throws IOException {
    Path directory = of.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
  }
}
