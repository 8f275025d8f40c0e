package io.vl3.cli.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Objects of Kubernetes, read from their YAML. */
final class Objects {

  private static final YAMLMapper YAML = new YAMLMapper();

  private Objects() {}

  /** All documents that hold something. */
  static List<JsonNode> read(String text) {
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(text)) {
      List<JsonNode> objects = new ArrayList<>();
      while (documents.hasNextValue()) {
        JsonNode document = documents.nextValue();
        if (document != null && document.isObject()) {
          objects.add(document);
        }
      }
      return objects;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The same by {@code Kind/name}. */
  static Map<String, JsonNode> byName(String text) {
    Map<String, JsonNode> objects = new TreeMap<>();
    for (JsonNode object : read(text)) {
      String name =
          object.get("kind").asText() + "/" + object.get("metadata").get("name").asText();
      if (objects.put(name, object) != null) {
        throw new AssertionError(name + ": twice");
      }
    }
    return objects;
  }
}
