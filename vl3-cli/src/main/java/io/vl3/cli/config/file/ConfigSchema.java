package io.vl3.cli.config.file;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The JSON schema of the configuration file, for editors. */
public final class ConfigSchema {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final Map<String, List<String>> REQUIRED =
      Map.of(
          "", List.of("endpoints"),
          "endpoints[]", List.of("vl3"),
          "endpoints[].vl3", List.of("ipam"));

  /** Of these keys each section needs one. */
  private static final Map<String, List<String>> REQUIRED_ONE_OF =
      Map.of("endpoints[].vl3.ipam", List.of("defaultPrefixPool", "prefixServers"));

  private ConfigSchema() {}

  /** The schema as it ships. */
  public static String text() {
    try (InputStream in = ConfigSchema.class.getResourceAsStream("vl3.schema.json")) {
      if (in == null) {
        throw new IllegalStateException("vl3.schema.json is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The schema that belongs to the keys the reader knows; what ships must equal it. */
  static String generated() {
    ObjectNode root = NODES.objectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("title", "vl3 configuration");
    root.setAll(section(""));
    return new ObjectMapper().valueToTree(root).toPrettyString() + "\n";
  }

  private static ObjectNode section(String pattern) {
    ObjectNode section = typed("object");
    section.put("additionalProperties", false);
    if (REQUIRED.containsKey(pattern)) {
      ArrayNode required = section.putArray("required");
      REQUIRED.get(pattern).forEach(required::add);
    }
    if (REQUIRED_ONE_OF.containsKey(pattern)) {
      ArrayNode alternatives = section.putArray("anyOf");
      REQUIRED_ONE_OF
          .get(pattern)
          .forEach(key -> alternatives.addObject().putArray("required").add(key));
    }
    ObjectNode properties = section.putObject("properties");
    ConfigKeys.in(pattern).forEach(key -> properties.set(key.name(), property(key)));
    return section;
  }

  private static ObjectNode property(ConfigKey key) {
    ObjectNode property = NODES.objectNode();
    property.put("description", key.meaning());
    property.setAll(shape(key));
    return property;
  }

  private static ObjectNode shape(ConfigKey key) {
    return switch (key.kind()) {
      case SECTION -> section(key.path());
      case SECTIONS -> sections(key);
      case TEXT, SECRET -> typed("string");
      case INTEGER -> number(key);
      case RATIO -> typed("number").put("minimum", 0).put("maximum", 1);
      case BOOLEAN -> typed("boolean");
      case CHOICE -> choice(key);
      case LIST -> list(typed("string"));
      case INTEGER_OR_LIST -> either(number(key), list(number(key)));
      case TEXT_OR_LIST -> either(typed("string"), list(typed("string")));
      case MAP -> map();
    };
  }

  private static ObjectNode sections(ConfigKey key) {
    ObjectNode list = list(section(key.path() + "[]"));
    list.put("minItems", 1);
    return list;
  }

  private static ObjectNode number(ConfigKey key) {
    ObjectNode number = typed("integer");
    number.put("minimum", key.minimum());
    if (key.maximum() < Integer.MAX_VALUE) {
      number.put("maximum", key.maximum());
    }
    return number;
  }

  private static ObjectNode choice(ConfigKey key) {
    ObjectNode choice = NODES.objectNode();
    ArrayNode words = choice.putArray("enum");
    key.choices().forEach(words::add);
    return choice;
  }

  private static ObjectNode list(ObjectNode items) {
    ObjectNode list = typed("array");
    list.set("items", items);
    return list;
  }

  private static ObjectNode either(ObjectNode one, ObjectNode other) {
    ObjectNode either = NODES.objectNode();
    either.putArray("anyOf").add(one).add(other);
    return either;
  }

  private static ObjectNode map() {
    ObjectNode map = typed("object");
    map.putObject("additionalProperties")
        .putArray("type")
        .add("string")
        .add("number")
        .add("boolean");
    return map;
  }

  private static ObjectNode typed(String type) {
    return NODES.objectNode().put("type", type);
  }
}
