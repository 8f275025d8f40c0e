package io.vl3.linux;

import io.vl3.linux.internal.LinkInfo;
import io.vl3.linux.internal.RtNetlink;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Compares the interfaces of a namespace with the records of a {@link KernelDataPlane}: what
 * somebody has renamed or deleted. Reads only; nothing is mended.
 */
public final class LinkSurvey {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private LinkSurvey() {}

  /**
   * An interface that is not where it was made.
   *
   * @param was its name when it was made
   * @param now its name now; empty: it is gone
   */
  public record Stray(String was, Optional<String> now) {}

  /**
   * The strays of one namespace, in the records' order. Blocks briefly.
   *
   * @param records the directory of the data plane's records; empty if it is not there
   * @throws IOException if the namespace cannot be entered
   */
  public static List<Stray> of(Netns netns, Path records) throws IOException {
    List<Mark> marks = marks(records, netns.identity());
    if (marks.isEmpty()) {
      return List.of();
    }
    List<LinkInfo> links = links(netns);
    return marks.stream().flatMap(mark -> mark.compare(links).stream()).toList();
  }

  /** An interface as it was made. */
  private record Mark(String name, String alias) {

    Optional<Stray> compare(List<LinkInfo> links) {
      Optional<String> now =
          links.stream().filter(link -> link.alias().equals(alias)).map(LinkInfo::name).findFirst();
      return now.equals(Optional.of(name)) ? Optional.empty() : Optional.of(new Stray(name, now));
    }
  }

  private static List<Mark> marks(Path directory, String netnsId) throws IOException {
    List<Mark> marks = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.link")) {
      for (Path file : files) {
        read(file).ifPresent(record -> marks.addAll(marks(record, netnsId)));
      }
    } catch (NoSuchFileException none) {
      return List.of();
    }
    return marks;
  }

  /** A link may end while we look. */
  private static Optional<LinkRecord> read(Path file) throws IOException {
    try {
      return LinkRecord.parse(Files.readAllBytes(file));
    } catch (NoSuchFileException ended) {
      return Optional.empty();
    }
  }

  private static List<Mark> marks(LinkRecord record, String netnsId) {
    OwnerTag tag = new OwnerTag(record.owner());
    return record.ends().stream()
        .filter(end -> end.netnsId().equals(netnsId))
        .map(end -> new Mark(end.name(), tag.alias(record.key(), end.side())))
        .toList();
  }

  private static List<LinkInfo> links(Netns netns) throws IOException {
    Callable<List<LinkInfo>> looking =
        () -> {
          try (RtNetlink netlink = RtNetlink.open(TIMEOUT)) {
            return netlink.links();
          }
        };
    try {
      return netns.call(looking);
    } catch (IOException | RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IOException("namespace %s: not looked at".formatted(netns.path()), failure);
    }
  }
}
