package io.vl3.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that hold what is expected; {@code -Dvl3.golden=write} writes them anew. */
public final class Golden {

  private Golden() {}

  /** Checks the text against the file, whose path is relative to the module. */
  public static void check(Path file, String actual) {
    try {
      if ("write".equals(System.getProperty("vl3.golden"))) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, actual);
      }
      assertThat(actual).as(file.toString()).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
