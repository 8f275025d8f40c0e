package io.vl3.linux;

import io.vl3.dataplane.LinkKey;
import io.vl3.failure.Reason;
import io.vl3.internal.process.DurableFile;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of our links, one small file each, replaced atomically: a file is there whole or not
 * at all after a crash. A reboot takes the links and the run directory alike. A file in which a
 * byte is wrong is warned of and deleted: its link is known by its tags when it is asked for again.
 * If nobody asks, it stays until one of its namespaces is deleted: only the record said which these
 * are, and a search of every namespace of the machine would cost more than a pair of interfaces
 * that nobody uses.
 */
final class LinkRecords {

  private static final Logger LOG = LoggerFactory.getLogger(LinkRecords.class);
  private static final String SUFFIX = ".link";

  private final Path directory;
  private final String owner;
  private final Map<String, LinkRecord> byId;

  private LinkRecords(Path directory, String owner, Map<String, LinkRecord> byId) {
    this.directory = directory;
    this.owner = owner;
    this.byId = byId;
  }

  /**
   * Reads what an earlier life of the owner left, and deletes what it had not finished, and what is
   * damaged. Other owners' files are left alone.
   */
  static LinkRecords load(Path directory, String owner) throws IOException {
    Files.createDirectories(directory);
    deleteUnfinished(directory, owner);
    Map<String, LinkRecord> byId = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        read(file)
            .filter(record -> record.owner().equals(owner))
            .ifPresent(record -> byId.put(OwnerTag.id(record.key()), record));
      }
    }
    return new LinkRecords(directory, owner, byId);
  }

  private static Optional<LinkRecord> read(Path file) {
    try {
      Optional<LinkRecord> record = LinkRecord.parse(Files.readAllBytes(file));
      if (record.isEmpty()) {
        LOG.warn("{}: damaged, and deleted (expected: the record of a link)", file);
        Files.deleteIfExists(file);
      }
      return record;
    } catch (IOException unreadable) {
      LOG.warn("{}: left out (expected: the record of a link) [{}]", file, unreadable.toString());
      return Optional.empty();
    }
  }

  private static void deleteUnfinished(Path directory, String owner) throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, "?".repeat(OwnerTag.ID_LENGTH) + unfinished(owner))) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static String unfinished(String owner) {
    return "." + owner + ".new";
  }

  Optional<LinkRecord> find(LinkKey key) {
    return find(OwnerTag.id(key));
  }

  Optional<LinkRecord> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  List<LinkRecord> all() {
    return List.copyOf(byId.values());
  }

  /**
   * Writes a record, or leaves things as they are.
   *
   * @throws LinkException UNAVAILABLE if the disk takes nothing
   */
  void write(LinkRecord record) throws IOException {
    String id = OwnerTag.id(record.key());
    Path file = directory.resolve(id + SUFFIX);
    Path fresh = directory.resolve(id + unfinished(owner));
    try {
      replace(file, fresh, record.toBytes());
    } catch (IOException failure) {
      throw new LinkException(
          Reason.UNAVAILABLE,
          "%s: %s (expected: a record that can be written)".formatted(file, failure.getMessage()));
    }
    byId.put(id, record);
  }

  private void replace(Path file, Path fresh, byte[] content) throws IOException {
    try {
      DurableFile.replace(file, fresh, content);
    } catch (NoSuchFileException gone) {
      Files.createDirectories(directory); // another owner has left it
      DurableFile.replace(file, fresh, content);
    }
  }

  void delete(LinkKey key) throws IOException {
    String id = OwnerTag.id(key);
    Files.deleteIfExists(directory.resolve(id + SUFFIX));
    byId.remove(id);
  }

  /** Removes the directory if it holds no record any more, of whatever owner. */
  void leave() {
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException used) {
      return; // by links that stay
    } catch (IOException failure) {
      LOG.warn("{}: stays", directory, failure);
    }
  }
}
