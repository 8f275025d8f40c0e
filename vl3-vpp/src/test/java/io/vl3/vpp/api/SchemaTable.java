package io.vl3.vpp.api;

import io.vl3.vpp.api.ApiType.Counted;
import io.vl3.vpp.api.ApiType.Enumeration;
import io.vl3.vpp.api.ApiType.Fixed;
import io.vl3.vpp.api.ApiType.Scalar;
import io.vl3.vpp.api.ApiType.Structure;
import io.vl3.vpp.api.ApiType.Text;
import io.vl3.vpp.api.ApiType.Union;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is used of a version's descriptions, a line each, so that it can be kept beside the tests:
 * {@code message NAME CRC FIELD:TYPE...}, {@code struct NAME FIELD:TYPE...}, {@code union}, {@code
 * enum NAME TYPE CONSTANT=NUMBER...}, {@code flags}. A type is a word, {@code TYPE[N]}, {@code
 * TYPE[FIELD]}, {@code TYPE[]}.
 *
 * <p>Its program takes the table of a version from the directory of its {@code .api.json} files:
 * {@code SchemaTable DIRECTORY NAMES}, where NAMES is a file of message names.
 */
public final class SchemaTable {

  /** Versions that a table is kept of. */
  public static final List<String> VERSIONS = List.of("22.10", "23.06", "26.06");

  private final Map<String, String> lines = new LinkedHashMap<>();

  private SchemaTable() {}

  /** Writes the table to standard output. */
  public static void main(String[] args) throws IOException {
    List<String> names = Files.readAllLines(Path.of(args[1]));
    ApiSchema schema = ApiSchema.read(List.of(Path.of(args[0])));
    System.out.print(of(schema, names));
  }

  /** The table of those messages that there are. */
  static String of(ApiSchema schema, Collection<String> names) {
    SchemaTable table = new SchemaTable();
    schema.messages().stream()
        .filter(message -> names.contains(message.name()))
        .sorted(Comparator.comparing(MessageType::name))
        .forEach(table::add);
    return table.lines.values().stream().sorted().collect(Collectors.joining("\n", "", "\n"));
  }

  /** The kept table of a version. */
  public static String kept(String version) {
    return resource(version + ".table");
  }

  /** The names of the messages that tables are kept of. */
  static List<String> used() {
    return resource("messages").lines().toList();
  }

  private static String resource(String name) {
    try (InputStream in = SchemaTable.class.getResourceAsStream("/vpp-api/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("resource: " + name + " (expected: a kept one)");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The table as VPP's own tool would have written it, for who reads that. */
  public static String json(String table) {
    Map<String, List<String>> parts = new LinkedHashMap<>();
    List<String> services = new ArrayList<>();
    for (String line : table.lines().toList()) {
      List<String> words = Arrays.asList(line.split(" "));
      String kind = words.get(0);
      String name = words.get(1);
      switch (kind) {
        case "message" -> {
          parts
              .computeIfAbsent("messages", none -> new ArrayList<>())
              .add(
                  "[%s%s, {\"crc\": \"0x%s\"}]"
                      .formatted(
                          quoted(name), fields(words.subList(3, words.size())), words.get(2)));
        }
        case "struct", "union" ->
            parts
                .computeIfAbsent(
                    kind.equals("union") ? "unions" : "types", none -> new ArrayList<>())
                .add("[%s%s]".formatted(quoted(name), fields(words.subList(2, words.size()))));
        case "enum", "flags" ->
            parts
                .computeIfAbsent(
                    kind.equals("flags") ? "enumflags" : "enums", none -> new ArrayList<>())
                .add(
                    "[%s%s, {\"enumtype\": %s}]"
                        .formatted(
                            quoted(name),
                            constants(words.subList(3, words.size())),
                            quoted(words.get(2))));
        case "service" ->
            services.add(
                "%s: {\"reply\": %s, \"stream\": true, \"stream_msg\": %s}"
                    .formatted(quoted(name), quoted(words.get(2)), quoted(words.get(3))));
        default -> throw new IllegalArgumentException("line: " + line);
      }
    }
    return parts.entrySet().stream()
        .map(part -> "%s: [%s]".formatted(quoted(part.getKey()), String.join(",", part.getValue())))
        .collect(
            Collectors.joining(
                ",", "{", ", \"services\": {%s}}".formatted(String.join(",", services))));
  }

  private static String constants(List<String> words) {
    return words.stream()
        .map(word -> ", [%s, %s]".formatted(quoted(before(word, '=')), after(word, '=')))
        .collect(Collectors.joining());
  }

  private static String fields(List<String> words) {
    return words.stream().map(SchemaTable::field).collect(Collectors.joining());
  }

  private static String field(String word) {
    String name = quoted(before(word, ':'));
    String type = after(word, ':');
    if (!type.endsWith("]")) {
      int standard = type.indexOf('=');
      return standard < 0
          ? ", [%s, %s]".formatted(quoted(type), name)
          : ", [%s, %s, {\"default\": %s}]"
              .formatted(quoted(type.substring(0, standard)), name, type.substring(standard + 1));
    }
    String length = type.substring(type.indexOf('[') + 1, type.length() - 1);
    String element = quoted(before(type, '['));
    if (length.isEmpty()) {
      return ", [%s, %s, 0]".formatted(element, name);
    }
    return Character.isDigit(length.charAt(0))
        ? ", [%s, %s, %s]".formatted(element, name, length)
        : ", [%s, %s, 0, %s]".formatted(element, name, quoted(length));
  }

  private void add(MessageType message) {
    lines.put(
        message.name(),
        "message %s %s%s".formatted(message.name(), message.crc(), words(message.fields())));
  }

  private String words(List<ApiField> fields) {
    return fields.stream()
        .map(field -> " " + field.name() + ":" + word(field.type()) + standard(field.standard()))
        .collect(Collectors.joining());
  }

  private static String standard(Optional<Long> number) {
    return number.map(n -> "=" + n).orElse("");
  }

  private String word(ApiType type) {
    if (type instanceof Scalar scalar) {
      return scalar.word();
    } else if (type instanceof Text text) {
      return "string[%s]".formatted(text.octets() == 0 ? "" : text.octets());
    } else if (type instanceof Fixed fixed) {
      return fixed.element() instanceof Fixed || fixed.element() instanceof Counted
          ? alias(fixed)
          : "%s[%d]".formatted(word(fixed.element()), fixed.count());
    } else if (type instanceof Counted counted) {
      return "%s[%s]".formatted(word(counted.element()), counted.countedBy().orElse(""));
    } else if (type instanceof Enumeration enumeration) {
      define(enumeration);
      return enumeration.name();
    } else if (type instanceof Structure structure) {
      lines.put(
          "type " + structure.name(),
          "struct %s%s".formatted(structure.name(), words(structure.fields())));
      return structure.name();
    }
    Union union = (Union) type;
    lines.put("type " + union.name(), "union %s%s".formatted(union.name(), words(union.fields())));
    return union.name();
  }

  private static String alias(Fixed fixed) {
    throw new IllegalArgumentException("type: %s (expected: no array of arrays)".formatted(fixed));
  }

  private void define(Enumeration type) {
    String constants =
        type.constants().entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry::getKey))
            .map(constant -> " %s=%d".formatted(constant.getKey(), constant.getValue()))
            .collect(Collectors.joining());
    lines.put(
        "type " + type.name(),
        "%s %s %s%s"
            .formatted(
                type.flags() ? "flags" : "enum", type.name(), type.scalar().word(), constants));
  }

  private static String before(String word, char cut) {
    return word.substring(0, word.indexOf(cut));
  }

  private static String after(String word, char cut) {
    return word.substring(word.indexOf(cut) + 1);
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
