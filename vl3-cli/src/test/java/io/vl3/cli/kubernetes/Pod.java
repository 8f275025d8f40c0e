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

  /** What is given with the resource that the device plugin of NSM 0.2 has. */
  private static final Map<String, String> OF_DEVICE_PLUGIN =
      Map.of(
          "NSM_DEVICE_PLUGIN", "true",
          "WORKSPACE", "/var/lib/networkservicemesh/",
          "NSM_SERVER_SOCKET", "/var/lib/networkservicemesh/nsm.server.io.sock",
          "NSM_CLIENT_SOCKET", "/var/lib/networkservicemesh/nsm.client.io.sock");

  private static final String ORDINAL = "130";
  private static final String NSE = "StatefulSet/vl3-nse-";
  private static final String NAMES = "Deployment/vl3-names";
  private static final String IPAM = "StatefulSet/vl3-ipam";

  /** Whether there is an NSE among the objects. */
  static boolean isIn(String objects) {
    return nses(objects).findAny().isPresent();
  }

  static Pod of(String rendered) {
    return of(nses(rendered).findAny().orElseThrow(), Objects.byName(rendered));
  }

  /** The pod of the names server. */
  static Pod ofNames(String rendered) {
    Map<String, JsonNode> objects = Objects.byName(rendered);
    return of(objects.get(NAMES), objects);
  }

  /** The pod of our central IPAM. */
  static Pod ofIpam(String rendered) {
    Map<String, JsonNode> objects = Objects.byName(rendered);
    return of(objects.get(IPAM), objects);
  }

  private static Pod of(JsonNode owner, Map<String, JsonNode> objects) {
    JsonNode spec = owner.at("/spec/template/spec");
    String name = owner.at("/metadata/name").asText() + "-" + ORDINAL;
    Map<String, String> variables = new TreeMap<>();
    if (spec.at("/containers/0/resources/limits").has("networkservicemesh.io/socket")) {
      variables.putAll(OF_DEVICE_PLUGIN);
    }
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
    return Objects.read(objects).stream().filter(object -> Objects.name(object).startsWith(NSE));
  }

  private static String configuration(JsonNode spec, Map<String, JsonNode> objects) {
    for (JsonNode volume : spec.get("volumes")) {
      if (volume.get("name").asText().equals("config")) {
        JsonNode map = objects.get("ConfigMap/" + volume.at("/configMap/name").asText());
        String file = Path.of(FILE).getFileName().toString();
        JsonNode item = volume.at("/configMap/items/0");
        return map.get("data").get(item.isMissingNode() ? file : item.get("key").asText()).asText();
      }
    }
    return "";
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
