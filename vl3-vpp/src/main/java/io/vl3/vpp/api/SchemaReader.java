package io.vl3.vpp.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vl3.vpp.api.ApiType.Counted;
import io.vl3.vpp.api.ApiType.Enumeration;
import io.vl3.vpp.api.ApiType.Fixed;
import io.vl3.vpp.api.ApiType.Scalar;
import io.vl3.vpp.api.ApiType.Structure;
import io.vl3.vpp.api.ApiType.Text;
import io.vl3.vpp.api.ApiType.Union;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a description as VPP's tool writes it: lists of a name and fields, of which each is type,
 * name, and for an array a length (0: counted by the field whose name follows, else up to the end)
 * or an object with the standard value. Each description has the types that it uses. Used for one
 * description.
 */
final class SchemaReader {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A type that holds itself cannot be written; one that is this deep is taken for it. */
  private static final int DEEPEST = 32;

  private final Map<String, JsonNode> structures = new HashMap<>();
  private final Map<String, JsonNode> unions = new HashMap<>();
  private final Map<String, Enumeration> enumerations = new HashMap<>();
  private final Map<String, JsonNode> aliases = new HashMap<>();
  private final Map<String, ApiType> types = new HashMap<>();

  private SchemaReader(JsonNode module) {
    named(module.path("types")).forEach(structures::put);
    named(module.path("unions")).forEach(unions::put);
    readEnumerations(module.path("enums"), false);
    readEnumerations(module.path("enumflags"), true);
    module.path("aliases").properties().forEach(a -> aliases.put(a.getKey(), a.getValue()));
  }

  /** A description that does not make sense. */
  private static final class Senseless extends Exception {
    Senseless(String message) {
      super(message);
    }
  }

  static ApiSchema read(String source, String json) {
    try {
      JsonNode root = JSON.readTree(json);
      if (root == null || !(root.isObject() || root.isArray())) {
        return unreadable(source, "no description (expected: an object or a list of them)");
      }
      List<ApiSchema> parts = new ArrayList<>();
      Iterable<JsonNode> modules = root.isArray() ? root : List.of(root);
      for (JsonNode module : modules) {
        parts.add(new SchemaReader(module).schema(source, module));
      }
      return ApiSchema.join(parts);
    } catch (JsonProcessingException failure) {
      return unreadable(source, failure.getOriginalMessage());
    }
  }

  private static ApiSchema unreadable(String source, String why) {
    return ApiSchema.of(List.of(), Map.of(), Map.of(source, why));
  }

  private ApiSchema schema(String source, JsonNode module) {
    Collection<MessageType> messages = new ArrayList<>();
    Map<String, String> unreadable = new HashMap<>();
    for (JsonNode message : module.path("messages")) {
      String name = message.path(0).asText();
      try {
        messages.add(message(name, message));
      } catch (Senseless failure) {
        unreadable.put(source + ": " + name, failure.getMessage());
      }
    }
    return ApiSchema.of(messages, services(module.path("services")), unreadable);
  }

  private MessageType message(String name, JsonNode message) throws Senseless {
    String crc = message.path(message.size() - 1).path("crc").asText();
    if (name.isEmpty() || !crc.startsWith("0x")) {
      throw new Senseless("message %s: crc '%s' (expected: 0x...)".formatted(name, crc));
    }
    return new MessageType(name, crc.substring(2), fields(message, 0));
  }

  private static Map<String, ApiService> services(JsonNode services) {
    Map<String, ApiService> all = new HashMap<>();
    services
        .properties()
        .forEach(
            entry -> {
              JsonNode service = entry.getValue();
              List<String> events = new ArrayList<>();
              service.path("events").forEach(event -> events.add(event.asText()));
              all.put(
                  entry.getKey(),
                  new ApiService(
                      service.path("reply").asText(),
                      service.path("stream").asBoolean(),
                      Optional.of(service.path("stream_msg").asText()).filter(m -> !m.isEmpty()),
                      events));
            });
    return all;
  }

  private List<ApiField> fields(JsonNode definition, int depth) throws Senseless {
    List<ApiField> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 1; i < definition.size(); i++) {
      JsonNode field = definition.get(i);
      if (field.isArray()) {
        ApiField read = field(field, names, depth);
        if (!names.add(read.name())) {
          throw new Senseless("field %s: twice (expected: once)".formatted(read.name()));
        }
        fields.add(read);
      }
    }
    return fields;
  }

  private ApiField field(JsonNode field, Set<String> before, int depth) throws Senseless {
    String word = field.path(0).asText();
    String name = field.path(1).asText();
    JsonNode more = field.path(2);
    if (!more.isNumber()) {
      Optional<Long> standard =
          Optional.of(more.path("default")).filter(JsonNode::isNumber).map(JsonNode::asLong);
      Optional<Long> truth =
          Optional.of(more.path("default"))
              .filter(value -> value.isTextual() || value.isBoolean())
              .map(value -> value.asText().equals("true") ? 1L : 0L);
      return new ApiField(name, type(word, depth), standard.or(() -> truth));
    }
    return new ApiField(
        name, array(word, name, more.asInt(), field.path(3), before, depth), Optional.empty());
  }

  private ApiType array(
      String word, String name, int length, JsonNode counter, Set<String> before, int depth)
      throws Senseless {
    if (word.equals("string")) {
      return new Text(length);
    }
    if (length < 0 || length > 1 << 20) {
      throw new Senseless("field %s: length %d (expected: 0..2^20)".formatted(name, length));
    }
    ApiType element = type(word, depth);
    if (length > 0) {
      return new Fixed(element, length);
    }
    Optional<String> countedBy = Optional.of(counter.asText()).filter(text -> !text.isEmpty());
    if (countedBy.filter(counts -> !before.contains(counts)).isPresent()) {
      throw new Senseless(
          "field %s: counted by %s (expected: a field before it)".formatted(name, countedBy.get()));
    }
    return new Counted(element, countedBy);
  }

  private ApiType type(String word, int depth) throws Senseless {
    Optional<Scalar> scalar = Scalar.of(word);
    if (scalar.isPresent()) {
      return scalar.get();
    }
    ApiType known = types.get(word);
    if (known == null) {
      known = define(plain(word), depth);
      types.put(word, known);
    }
    return known;
  }

  private ApiType define(String name, int depth) throws Senseless {
    if (depth > DEEPEST) {
      throw new Senseless("type %s: holds itself (expected: an end)".formatted(name));
    }
    if (enumerations.containsKey(name)) {
      return enumerations.get(name);
    } else if (structures.containsKey(name)) {
      return new Structure(name, fields(structures.get(name), depth + 1));
    } else if (unions.containsKey(name)) {
      return new Union(name, fields(unions.get(name), depth + 1));
    } else if (aliases.containsKey(name)) {
      JsonNode alias = aliases.get(name);
      ApiType type = type(alias.path("type").asText(), depth + 1);
      int length = alias.path("length").asInt();
      return length > 0 ? new Fixed(type, length) : type;
    } else if (name.equals("string")) {
      return new Text(0);
    }
    throw new Senseless("type %s: unknown (expected: described)".formatted(name));
  }

  private void readEnumerations(JsonNode definitions, boolean flags) {
    named(definitions)
        .forEach(
            (name, definition) -> {
              Map<String, Long> constants = new LinkedHashMap<>();
              Scalar scalar = Scalar.U32;
              for (JsonNode part : definition) {
                if (part.isArray()) {
                  constants.put(part.path(0).asText(), part.path(1).asLong());
                } else if (part.has("enumtype")) {
                  scalar = Scalar.of(part.get("enumtype").asText()).orElse(Scalar.U32);
                }
              }
              enumerations.put(name, new Enumeration(name, scalar, constants, flags));
            });
  }

  private static Map<String, JsonNode> named(JsonNode definitions) {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    definitions.forEach(definition -> all.put(definition.path(0).asText(), definition));
    return all;
  }

  /** Types of VPP's own are written as in C. */
  private static String plain(String word) {
    return word.startsWith("vl_api_") && word.endsWith("_t")
        ? word.substring("vl_api_".length(), word.length() - "_t".length())
        : word;
  }
}
