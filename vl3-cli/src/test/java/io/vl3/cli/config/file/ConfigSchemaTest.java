package io.vl3.cli.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vl3.cli.Golden;
import io.vl3.cli.config.read.Configs;
import io.vl3.cli.config.read.Overrides;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The schema, the reader and the key table accept the same keys. */
class ConfigSchemaTest {

  @Test
  void shippedSchema_equalsTheGenerated() {
    Golden.check(
        Path.of("src/main/resources/io/vl3/cli/config/file/vl3.schema.json"),
        ConfigSchema.generated());
  }

  @Test
  void schema_namesExactlyTheKeysOfTheTable() throws IOException {
    List<String> paths = new ArrayList<>();
    collect(new ObjectMapper().readTree(ConfigSchema.text()), "", paths);
    assertThat(paths)
        .containsExactlyInAnyOrderElementsOf(ConfigKeys.ALL.stream().map(ConfigKey::path).toList());
  }

  @Test
  void reader_refusesAWrongShapeUnderEveryKey_soItReadsEveryKey() {
    for (ConfigKey key : ConfigKeys.ALL) {
      assertThat(Configs.mistakes(withWrongShapeAt(key), Map.of(), Overrides.NONE))
          .as(key.path())
          .anyMatch(line -> line.contains(": " + key.path().replace("[]", "[0]") + ": "));
    }
  }

  /** A document that holds the key, with a shape its kind cannot have. */
  private static String withWrongShapeAt(ConfigKey key) {
    return around(key.parent(), key.name() + ": " + wrong(key)) + "\n";
  }

  private static String around(String section, String inner) {
    if (section.isEmpty()) {
      return inner;
    }
    int dot = section.lastIndexOf('.');
    String name = section.substring(dot + 1);
    String outer =
        name.endsWith("[]")
            ? name.substring(0, name.length() - 2) + ": [{" + inner + "}]"
            : name + ": {" + inner + "}";
    return around(dot < 0 ? "" : section.substring(0, dot), outer);
  }

  private static String wrong(ConfigKey key) {
    return switch (key.kind()) {
      case SECTION, SECTIONS, MAP -> "word";
      default -> "{a: b}";
    };
  }

  private static void collect(JsonNode section, String prefix, List<String> paths) {
    section
        .path("properties")
        .properties()
        .forEach(
            property -> {
              String path = prefix + property.getKey();
              paths.add(path);
              collect(property.getValue(), path + ".", paths);
              collect(property.getValue().path("items"), path + "[].", paths);
            });
  }
}
