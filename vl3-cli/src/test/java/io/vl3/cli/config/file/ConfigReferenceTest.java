package io.vl3.cli.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.Golden;
import io.vl3.cli.config.file.ConfigKey.Kind;
import io.vl3.cli.config.read.Configs;
import io.vl3.cli.config.variables.Variables;
import io.vl3.cli.reload.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The reference documents the keys that the reader knows, and every variable. */
class ConfigReferenceTest {

  private static final Path REFERENCE = Path.of("../docs/configuration.md");
  private static final String BEGIN =
      "<!-- keys: written by ConfigReferenceTest with -Dvl3.golden=write -->\n";
  private static final String END = "<!-- end of keys -->\n";
  private static final String WITHOUT_EFFECT =
      "<!-- without effect: written by ConfigReferenceTest with -Dvl3.golden=write -->\n";
  private static final String END_WITHOUT_EFFECT = "<!-- end of without effect -->\n";

  @Test
  void reference_hasTheTableOfKeys() throws IOException {
    Golden.check(REFERENCE, between(BEGIN, table(), END));
  }

  @Test
  void reference_hasTheTableOfVariablesWithoutEffect() throws IOException {
    String rows =
        Variables.WITHOUT_EFFECT.entrySet().stream()
            .map(each -> "| `%s` | %s |%n".formatted(each.getKey(), each.getValue()))
            .collect(Collectors.joining());
    Golden.check(
        REFERENCE,
        between(WITHOUT_EFFECT, "| variable | why |\n|---|---|\n" + rows, END_WITHOUT_EFFECT));
  }

  private static String between(String begin, String middle, String end) throws IOException {
    String text = Files.readString(REFERENCE);
    String head = text.substring(0, text.indexOf(begin) + begin.length());
    return head + middle + text.substring(text.indexOf(end));
  }

  @Test
  void reference_namesEveryVariable() throws IOException {
    String text = Files.readString(REFERENCE);
    Set<String> variables = Variables.known();
    assertThat(variables).isNotEmpty().allMatch(name -> text.contains("`" + name + "`"));
  }

  @Test
  void smallestFile_isValid() throws IOException {
    String text = Files.readString(REFERENCE);
    String after = text.substring(text.indexOf("```yaml\n") + "```yaml\n".length());
    assertThat(Configs.mistakes(after.substring(0, after.indexOf("```")))).isEmpty();
  }

  private static String table() {
    return "| key | value | default | changes at run time | meaning |\n|---|---|---|---|---|\n"
        + ConfigKeys.ALL.stream().map(ConfigReferenceTest::row).collect(Collectors.joining());
  }

  private static String row(ConfigKey key) {
    return "| `%s` | %s | %s | %s | %s |%n"
        .formatted(key.path(), value(key), key.standard(), change(key), key.meaning());
  }

  private static String change(ConfigKey key) {
    return Optional.ofNullable(Settings.byPath().get(key.path()))
        .map(setting -> setting.change().word())
        .orElse("");
  }

  private static String value(ConfigKey key) {
    String title = key.kind().title();
    return key.kind() == Kind.CHOICE ? title + " " + String.join(", ", key.choices()) : title;
  }
}
