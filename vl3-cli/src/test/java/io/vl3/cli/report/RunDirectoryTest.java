package io.vl3.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

  @TempDir private Path directory;

  @Test
  void everyFile_isALine_alsoBehindASymbolicLink() throws Exception {
    Path behind = Files.createDirectory(directory.resolve("behind"));
    Files.writeString(behind.resolve("manager.json"), "{}");
    Path link = Files.createSymbolicLink(directory.resolve("link"), behind);
    assertThat(RunDirectory.listing(link).lines())
        .hasSize(2)
        .anyMatch(line -> line.matches(" *100[0-7]{3} \\S+ +2 \\S+ " + link + "/manager.json"));
  }
}
