package io.vl3.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarGzTest {

  private static final Instant TIME = Instant.parse("2026-12-01T12:00:00Z");

  @TempDir private Path dir;

  @Test
  void aForeignTar_readsIt() throws Exception {
    Path archive = dir.resolve("a.tar.gz");
    try (TarGz tar = new TarGz(Files.newOutputStream(archive), TIME)) {
      tar.add("r/empty.txt", new byte[0]);
      tar.add("r/block.txt", "x".repeat(512).getBytes(StandardCharsets.UTF_8));
      tar.add("r/" + "n".repeat(98), "grüße\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(run("tar", "--full-time", "--utc", "-tvzf", archive.toString()))
        .contains("-rw------- 0/0               0 2026-12-01 12:00:00 r/empty.txt")
        .contains("512 2026-12-01 12:00:00 r/block.txt");
    assertThat(run("tar", "-xOzf", archive.toString(), "r/" + "n".repeat(98))).isEqualTo("grüße\n");
    assertThat(run("tar", "-xOzf", archive.toString(), "r/block.txt")).isEqualTo("x".repeat(512));
  }

  @Test
  void longerNames_areRefused() throws Exception {
    try (TarGz tar = new TarGz(new ByteArrayOutputStream(), TIME)) {
      assertThatThrownBy(() -> tar.add("n".repeat(101), new byte[0]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static String run(String... line) throws Exception {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
