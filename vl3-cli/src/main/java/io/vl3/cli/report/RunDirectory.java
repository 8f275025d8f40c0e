package io.vl3.cli.report;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** The listing of the run directory: names, modes, sizes, never contents. */
final class RunDirectory {

  private static final int DEPTH = 6;
  private static final int MOST = 10_000;

  private RunDirectory() {}

  /** A line for each file. */
  static String listing(Path directory) throws IOException {
    List<String> lines = new ArrayList<>();
    Path real = directory.toRealPath(); // a symbolic link is looked through only from behind it
    Files.walkFileTree(
        real,
        EnumSet.noneOf(java.nio.file.FileVisitOption.class),
        DEPTH,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            return visitFile(path, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            lines.add(line(path, attributes) + directory.resolve(real.relativize(path)));
            return lines.size() < MOST ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return String.join("\n", lines) + "\n";
  }

  private static String line(Path path, BasicFileAttributes attributes) {
    return "%6s %-10s %10d %s "
        .formatted(
            mode(path), owner(path), attributes.size(), attributes.lastModifiedTime().toInstant());
  }

  private static String mode(Path path) {
    try {
      Object mode = Files.getAttribute(path, "unix:mode", java.nio.file.LinkOption.NOFOLLOW_LINKS);
      return Integer.toOctalString((Integer) mode);
    } catch (IOException gone) {
      return "?";
    }
  }

  private static String owner(Path path) {
    try {
      return Files.getOwner(path, java.nio.file.LinkOption.NOFOLLOW_LINKS).getName();
    } catch (IOException gone) {
      return "?";
    }
  }
}
