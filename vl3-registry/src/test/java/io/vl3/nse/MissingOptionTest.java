package io.vl3.nse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a JVM without the option that unix sockets need for files is told. */
class MissingOptionTest {

  @TempDir private Path directory = Path.of("/");

  @Test
  void withoutTheOption_anNseDoesNotStart_andTheErrorNamesIt_unlessItGoesWithoutFiles()
      throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WithoutOption.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), UTF_8);
    assertThat(child.waitFor()).isZero();
    assertThat(said.lines())
        .contains(
            "INVALID unix://%s/a.sock: no files can be passed there (expected: JVM option --add-opens java.base/sun.nio.ch=ALL-UNNAMED)"
                .formatted(directory),
            "started a");
  }
}
