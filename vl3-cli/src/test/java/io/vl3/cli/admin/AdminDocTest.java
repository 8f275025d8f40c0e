package io.vl3.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.health.EventKind;
import io.vl3.health.HealthCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/admin.md lists what there is. */
class AdminDocTest {

  private static final Path PAGE = Path.of("../docs/admin.md");

  @Test
  void everyTrouble_isListedWithItsSeverityAndWhatToDo() throws Exception {
    assertThat(Files.readAllLines(PAGE))
        .containsSubsequence(
            Stream.of(HealthCode.values())
                .map(
                    code ->
                        "| `%s` | %s | %s |"
                            .formatted(
                                code.text(),
                                code.severity().name().toLowerCase(Locale.ROOT),
                                code.remedy()))
                .toList());
  }

  @Test
  void everyKindOfEvent_isListed() throws Exception {
    assertThat(
            Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("`", -1)[1]))
        .containsSubsequence(Stream.of(EventKind.values()).map(EventKind::text).toList());
  }
}
