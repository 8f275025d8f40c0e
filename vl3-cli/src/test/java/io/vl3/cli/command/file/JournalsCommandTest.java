package io.vl3.cli.command.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.Vl3;
import io.vl3.cli.assembly.Nses;
import io.vl3.internal.process.ProcessLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@SuppressWarnings("try") // locks are only held
class JournalsCommandTest {

  private static final Instant CHANGED = Instant.parse("2026-11-30T22:00:01.5Z");

  @TempDir Path dir;
  private Path journals;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void write() throws IOException {
    journals = Files.createDirectory(dir.resolve("journal"));
    for (String name : new String[] {"nse-b", "nse-a@my.dom"}) {
      Path file = Files.writeString(journals.resolve(name + ".journal"), "12345");
      Files.setLastModifiedTime(file, FileTime.from(CHANGED));
    }
  }

  @Test
  void journals_areListed_withWhetherTheirNseRuns() throws IOException {
    try (ProcessLock running = ProcessLock.tryAcquire(Nses.lock(dir, "nse-b")).orElseThrow()) {
      assertThat(journals()).isZero();
    }
    assertThat(out.toString())
        .isEqualTo(
            """
            journals in %s
              NSE           BYTES  LAST CHANGE           RUNS
              nse-a@my.dom  5      2026-11-30T22:00:01Z  no
              nse-b         5      2026-11-30T22:00:01Z  yes
            """
                .formatted(journals));
  }

  @Test
  void removal_isOfTheNamedAlone_andNotWhileItsNseRuns() throws IOException {
    try (ProcessLock running = ProcessLock.tryAcquire(Nses.lock(dir, "nse-b")).orElseThrow()) {
      assertThat(journals("--remove", "nse-b")).isEqualTo(1);
    }
    assertThat(err.toString()).contains("vl3: nse-b: runs (expected: not running) [lock ");
    assertThat(journals.resolve("nse-b.journal")).exists();
    assertThat(journals("--remove", "nse-b", "--output", "json")).isZero();
    assertThat(journals.resolve("nse-b.journal")).doesNotExist();
    assertThat(journals.resolve("nse-a@my.dom.journal")).exists();
    assertThat(out.toString()).contains("\"version\" : 1", "\"name\" : \"nse-a@my.dom\"");
    assertThat(journals("--remove", "nse-b")).isEqualTo(4);
    assertThat(journals("--remove", "../x")).isEqualTo(2);
  }

  @Test
  void withoutADirectory_thereIsNothingToList() {
    assertThat(journals("--journal", dir.resolve("none").toString())).isZero();
    assertThat(out.toString()).startsWith("no journals in ");
  }

  private int journals(String... options) {
    CommandLine line = Vl3.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    String[] all = new String[options.length + 3];
    all[0] = "journals";
    all[1] = "--run-dir";
    all[2] = dir.toString();
    System.arraycopy(options, 0, all, 3, options.length);
    return line.execute(all);
  }
}
