package io.vl3.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/metrics.md lists what there is, and names keep to Prometheus's rules. */
class MetricsDocTest {

  private static final Path PAGE = Path.of("../docs/metrics.md");
  private static final String BEGIN =
      "<!-- metrics: written by MetricsDocTest with -Dvl3.golden=write -->\n";
  private static final String END = "<!-- end of metrics -->\n";

  @Test
  void page_hasTheTableOfMetrics() throws IOException {
    String text = Files.readString(PAGE);
    Golden.check(
        PAGE,
        text.substring(0, text.indexOf(BEGIN) + BEGIN.length())
            + table()
            + text.substring(text.indexOf(END)));
  }

  @Test
  void names_areUnlikeEachOther_andSayUnitAndKind() {
    assertThat(Family.all()).extracting(Family::name).doesNotHaveDuplicates();
    assertThat(Family.all())
        .allSatisfy(
            family -> {
              assertThat(family.name()).matches("vl3_[a-z_]+");
              assertThat(family.name().endsWith("_total"))
                  .isEqualTo(family.type().equals("counter"));
              assertThat(family.help()).endsWith(".").hasSizeLessThan(100);
              if (family.type().equals("histogram")) {
                assertThat(family.name()).endsWith("_seconds");
              }
            });
  }

  private static String table() {
    return "| metric | type | labels | |\n|---|---|---|---|\n"
        + Family.all().stream().map(MetricsDocTest::row).collect(Collectors.joining());
  }

  private static String row(Family family) {
    return "| `%s` | %s | %s | %s |%n"
        .formatted(
            family.name(),
            family.type(),
            family.labels().stream()
                .map(label -> "`" + label + "`")
                .collect(Collectors.joining(", ")),
            family.help());
  }
}
