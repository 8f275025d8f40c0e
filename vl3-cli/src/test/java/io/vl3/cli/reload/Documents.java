package io.vl3.cli.reload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.mistake.ConfigException;
import io.vl3.cli.config.read.ConfigReader;
import io.vl3.cli.config.read.Overrides;
import java.util.Map;

/** Configurations by their keys; JSON is YAML too. */
final class Documents {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Documents() {}

  /** The smallest document with keys set, each to a value in JSON. */
  static String text(Map<String, String> keys) throws JsonProcessingException {
    ObjectNode root = MAPPER.createObjectNode();
    ArrayNode endpoints = root.putArray("endpoints");
    endpoints.addObject();
    set(root, "endpoints[].name", "\"net\"");
    set(root, "endpoints[].nseName", "\"nse-1\"");
    set(root, "endpoints[].vl3.ipam.defaultPrefixPool", "\"10.60.0.0/16\"");
    for (Map.Entry<String, String> key : keys.entrySet()) {
      set(root, key.getKey(), key.getValue());
    }
    return MAPPER.writeValueAsString(root);
  }

  static Vl3Config config(Map<String, String> keys) throws Exception {
    String text = text(keys);
    try {
      return ConfigReader.read("test", text, Map.of(), Overrides.NONE);
    } catch (ConfigException mistakes) {
      throw new AssertionError(text + ": " + mistakes.getMessage(), mistakes);
    }
  }

  private static void set(ObjectNode root, String path, String json)
      throws JsonProcessingException {
    ObjectNode at = root;
    String rest = path;
    if (path.startsWith("endpoints[].")) {
      at = (ObjectNode) root.get("endpoints").get(0);
      rest = path.substring("endpoints[].".length());
    }
    String[] words = rest.split("\\.", -1);
    for (int i = 0; i < words.length - 1; i++) {
      at = at.withObjectProperty(words[i]);
    }
    String key = words[words.length - 1];
    if (json.isEmpty()) {
      at.remove(key);
    } else {
      at.set(key, MAPPER.readTree(json));
    }
  }
}
