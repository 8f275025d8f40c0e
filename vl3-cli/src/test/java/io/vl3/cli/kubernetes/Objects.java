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
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(text)) {
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
      if (objects.put(name(object), object) != null) {
        throw new AssertionError(name(object) + ": twice");
      }
    }
    return objects;
  }

  /** {@code Kind/name}. */
  static String name(JsonNode object) {
    return object.get("kind").asText() + "/" + object.at("/metadata/name").asText();
  }

  /** Paths of what is wanted and is not there, or is otherwise; more may be there. */
  static List<String> missing(JsonNode wanted, JsonNode there) {
    List<String> missing = new ArrayList<>();
    collect("", wanted, there, missing);
    return missing;
  }

  private static void collect(String path, JsonNode wanted, JsonNode there, List<String> missing) {
    if (wanted.isObject() && there.isObject()) {
      wanted
          .properties()
          .forEach(
              field ->
                  collect(
                      path + "/" + field.getKey(),
                      field.getValue(),
                      there.path(field.getKey()),
                      missing));
    } else if (wanted.isArray() && there.isArray() && wanted.size() == there.size()) {
      for (int i = 0; i < wanted.size(); i++) {
        collect(path + "/" + i, wanted.get(i), there.get(i), missing);
      }
    } else if (!wanted.asText().equals(there.asText()) || wanted.isContainerNode()) {
      if (!isEmpty(wanted) || !there.isMissingNode()) {
        missing.add("%s: %s (expected: %s)".formatted(path, there, wanted));
      }
    }
  }

  /** What is empty may be left out. */
  private static boolean isEmpty(JsonNode wanted) {
    return wanted.isNull() || (wanted.isContainerNode() && wanted.isEmpty());
  }
}
