package io.vl3.cli.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The pod of an NSE as the kubelet would make it of rendered objects.
 *
 * @param spec of the pod
 * @param variables of its NSE's container
 * @param configuration the text that is mounted at {@link #FILE}
 */
record Pod(JsonNode spec, Map<String, String> variables, String configuration) {

  /** Where the image looks for its configuration. */
  static final String FILE = "/etc/vl3/vl3.yaml";

  private static final String ORDINAL = "130";
  private static final String FIRST_LETTERS = "vl3-nse";

  /** Whether there is an NSE among the objects. */
  static boolean isIn(String objects) {
    return nses(objects).findAny().isPresent();
  }

  static Pod of(String rendered) {
    Map<String, JsonNode> objects = Objects.byName(rendered);
    JsonNode nse = nses(rendered).findAny().orElseThrow();
    JsonNode spec = nse.at("/spec/template/spec");
    String name = nse.at("/metadata/name").asText() + "-" + ORDINAL;
    Map<String, String> variables = new TreeMap<>();
    for (JsonNode variable : spec.at("/containers/0/env")) {
      String value =
          variable.has("value")
              ? expand(variable.get("value").asText(), variables)
              : given(variable.get("valueFrom"), name, objects);
      variables.put(variable.get("name").asText(), value);
    }
    return new Pod(spec, variables, configuration(spec, objects));
  }

  /** Writes the configuration into a directory. */
  Path write(Path directory) throws IOException {
    Path file = directory.resolve(Path.of(FILE).getFileName().toString());
    return Files.writeString(file, configuration);
  }

  /** The arguments of its NSE's container, with another file in place of {@link #FILE}. */
  List<String> arguments(Path file) {
    List<String> arguments = new ArrayList<>();
    for (JsonNode argument : spec.at("/containers/0/args")) {
      arguments.add(expand(argument.asText(), variables).replace(FILE, file.toString()));
    }
    return arguments;
  }

  /** Where its NSE's container can write. */
  List<String> writable() {
    List<String> writable = new ArrayList<>();
    for (JsonNode volume : spec.get("volumes")) {
      if (volume.has("emptyDir")) {
        for (JsonNode mount : spec.at("/containers/0/volumeMounts")) {
          if (mount.get("name").equals(volume.get("name"))) {
            writable.add(mount.get("mountPath").asText());
          }
        }
      }
    }
    return writable;
  }

  boolean isPrivileged() {
    return spec.at("/containers/0/securityContext/privileged").asBoolean();
  }

  private static Stream<JsonNode> nses(String objects) {
    return Objects.read(objects).stream()
        .filter(object -> object.get("kind").asText().equals("StatefulSet"))
        .filter(object -> object.at("/metadata/name").asText().startsWith(FIRST_LETTERS));
  }

  private static String configuration(JsonNode spec, Map<String, JsonNode> objects) {
    for (JsonNode volume : spec.get("volumes")) {
      JsonNode item = volume.at("/configMap/items/0");
      if (FILE.endsWith("/" + item.path("path").asText())) {
        JsonNode map = objects.get("ConfigMap/" + volume.at("/configMap/name").asText());
        return map.get("data").get(item.get("key").asText()).asText();
      }
    }
    throw new AssertionError("no volume has " + FILE);
  }

  /** What the kubelet says of the pod, or what a ConfigMap has. */
  private static String given(JsonNode source, String name, Map<String, JsonNode> objects) {
    if (source.has("configMapKeyRef")) {
      JsonNode from = source.get("configMapKeyRef");
      JsonNode map = objects.get("ConfigMap/" + from.get("name").asText());
      return map.get("data").get(from.get("key").asText()).asText();
    }
    String field = source.at("/fieldRef/fieldPath").asText();
    return switch (field) {
      case "metadata.name" -> name;
      case "spec.nodeName" -> "node-1";
      case "metadata.labels['apps.kubernetes.io/pod-index']" -> ORDINAL;
      default -> throw new AssertionError(field + ": a field that no pod here has");
    };
  }

  /** As the kubelet expands $(NAME). */
  private static String expand(String text, Map<String, String> variables) {
    String expanded = text;
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      expanded = expanded.replace("$(" + variable.getKey() + ")", variable.getValue());
    }
    return expanded;
  }
}
