package io.vl3.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** The manual pages say what the commands say of themselves. */
class ManPagesTest {

  private static final Path PAGES = Path.of("../docs/man");

  @TempDir Path dir;

  @Test
  void pages_areWhatTheGeneratorMakesOfTheCommands() throws IOException {
    int made =
        ManPageGenerator.generateManPage(
            dir.toFile(), null, new boolean[0], true, Vl3.commandLine().getCommandSpec());
    assertThat(made).isZero();
    for (Path page : pages(dir)) {
      Golden.check(PAGES.resolve(page.getFileName()), withoutBuild(Files.readString(page)));
    }
    assertThat(names(PAGES)).isEqualTo(names(dir));
  }

  /** Commit and Java differ from build to build. */
  private static String withoutBuild(String page) {
    return page.replace(Version.line(), "vl3 " + Version.text());
  }

  private static List<String> names(Path directory) throws IOException {
    return pages(directory).stream().map(page -> page.getFileName().toString()).toList();
  }

  private static List<Path> pages(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".adoc")).sorted().toList();
    }
  }
}
