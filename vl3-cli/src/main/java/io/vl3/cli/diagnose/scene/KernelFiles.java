package io.vl3.cli.diagnose.scene;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's files, {@code /proc} and {@code /sys}.
 *
 * @param root below which they are: {@code /}, or a directory with recorded ones
 */
public record KernelFiles(Path root) {

  /** Those of this machine. */
  public static KernelFiles ofMachine() {
    return new KernelFiles(Path.of("/"));
  }

  /** A file's text without white space at its end; empty if it cannot be read. */
  public Optional<String> read(String path) {
    try {
      return Optional.of(Files.readString(root.resolve(path)).stripTrailing());
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** A file's lines; none if it cannot be read. */
  public List<String> lines(String path) {
    return read(path).map(text -> text.lines().toList()).orElse(List.of());
  }

  /** Words that each end with a zero, as arguments and variables of a process. */
  public List<String> words(String path) {
    return read(path).map(text -> List.of(text.split("\0", -1))).orElse(List.of());
  }

  /** The names in a directory; none if it cannot be read. */
  public List<String> list(String path) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(root.resolve(path))) {
      files.forEach(file -> names.add(String.valueOf(file.getFileName())));
    } catch (IOException gone) {
      return List.of();
    }
    return names;
  }

  /** The number that follows a word in a file of lines {@code WORD NUMBER}. */
  public Optional<Long> number(String path, String word) {
    return lines(path).stream()
        .map(line -> line.split(" ", -1))
        .filter(words -> words.length > 1 && words[0].equals(word))
        .map(words -> Long.parseLong(words[1]))
        .findFirst();
  }
}
