package io.vl3.cli.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vl3.cli.assembly.SelfCommand;
import io.vl3.nsm.interop.RequiresGo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a pod is given, read by {@code vl3 run --verify} in a process that has the pod's arguments,
 * the pod's variables and no others, and the pod's configuration.
 */
@RequiresGo
class PodTest {

  private static final String ORDINAL = "130";

  @TempDir private Path directory;

  static Stream<Path> valueSets() {
    return Chart.valueSets().stream()
        .filter(values -> nses(Chart.render(values)).findAny().isPresent());
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everyEndpoint_startsWithWhatItsPodIsGiven(Path values) throws IOException {
    String said = verify(values);
    assertThat(said)
        .contains("vl3.yaml: ok")
        .contains("nsm: NSM v1 at unix:///var/lib/")
        .contains("tls: SPIFFE Workload API at unix:///run/sp")
        .doesNotContain("warning:");
  }

  @Test
  void kernel() throws IOException {
    assertThat(verify(values("nsm-v1-kernel")))
        .contains("endpoint vl3-nse-vl3-service-130:")
        .contains(
            "labels: app=vl3-nse-vl3-service, nodeName=node-1, podName=vl3-nse-vl3-service-130")
        .contains("prefix: 10.60.130.0/24 (--prefix-index)")
        .contains("data plane: kernel")
        .contains("names: {{ index .Labels \"podName\" }}.{{ .NetworkService }}.");
  }

  @Test
  void vppByEitherWay() throws IOException {
    assertThat(verify(values("nsm-v1-vpp"))).contains("data plane: vpp at /run/vpp/api.sock");
    assertThat(verify(values("nsm-v1-vpp-agent")))
        .contains("data plane: vpp-agent at localhost:9113");
  }

  @Test
  void prefixesOfOthers() throws IOException {
    assertThat(verify(values("central-ipam")))
        .contains("tcp://vl3-ipam:5006")
        .contains("journals: /var/lib/vl3/journal");
    assertThat(verify(values("original"))).contains("ipam-vl3-service.example.com:50051");
    assertThat(verify(values("original-octet"))).contains("prefix: 192.168.22.0/24");
  }

  @Test
  void otherClusters() throws IOException {
    assertThat(verify(values("cluster-1"))).contains("remote domains: my.cluster2");
  }

  private String verify(Path values) throws IOException {
    Map<String, JsonNode> objects = Objects.byName(Chart.render(values));
    JsonNode pod = nses(Chart.render(values)).findAny().orElseThrow().at("/spec/template/spec");
    JsonNode container = pod.at("/containers/0");
    Map<String, String> variables = variables(container, objects);
    Path file = Files.writeString(directory.resolve("vl3.yaml"), configuration(pod, objects));
    List<String> arguments = new ArrayList<>();
    for (JsonNode argument : container.get("args")) {
      arguments.add(expand(argument.asText(), variables).replace("/etc/vl3/vl3.yaml", "" + file));
    }
    arguments.add("--verify");
    return Program.runAlone(variables, SelfCommand.line(arguments)).success();
  }

  /** The text that is mounted at /etc/vl3/vl3.yaml. */
  private static String configuration(JsonNode pod, Map<String, JsonNode> objects) {
    for (JsonNode volume : pod.get("volumes")) {
      JsonNode item = volume.at("/configMap/items/0");
      if (item.path("path").asText().equals("vl3.yaml")) {
        String name = volume.at("/configMap/name").asText();
        return objects.get("ConfigMap/" + name).get("data").get(item.get("key").asText()).asText();
      }
    }
    throw new AssertionError("no volume has vl3.yaml");
  }

  private static Map<String, String> variables(JsonNode container, Map<String, JsonNode> objects) {
    Map<String, String> variables = new TreeMap<>();
    for (JsonNode variable : container.get("env")) {
      String value =
          variable.has("value")
              ? expand(variable.get("value").asText(), variables)
              : given(variable.get("valueFrom"), objects);
      variables.put(variable.get("name").asText(), value);
    }
    return variables;
  }

  /** What the kubelet says of the pod, or what a ConfigMap has. */
  private static String given(JsonNode source, Map<String, JsonNode> objects) {
    if (source.has("configMapKeyRef")) {
      JsonNode from = source.get("configMapKeyRef");
      JsonNode map = objects.get("ConfigMap/" + from.get("name").asText());
      return map.get("data").get(from.get("key").asText()).asText();
    }
    String field = source.at("/fieldRef/fieldPath").asText();
    return switch (field) {
      case "metadata.name" -> nseName(objects) + "-" + ORDINAL;
      case "spec.nodeName" -> "node-1";
      case "metadata.labels['apps.kubernetes.io/pod-index']" -> ORDINAL;
      default -> throw new AssertionError(field + ": a field that no pod here has");
    };
  }

  private static String nseName(Map<String, JsonNode> objects) {
    return objects.keySet().stream()
        .filter(name -> name.startsWith("StatefulSet/vl3-nse"))
        .map(name -> name.substring("StatefulSet/".length()))
        .findAny()
        .orElseThrow();
  }

  /** As the kubelet expands $(NAME). */
  private static String expand(String text, Map<String, String> variables) {
    String expanded = text;
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      expanded = expanded.replace("$(" + variable.getKey() + ")", variable.getValue());
    }
    return expanded;
  }

  private static Stream<JsonNode> nses(String objects) {
    return Objects.read(objects).stream()
        .filter(object -> object.get("kind").asText().equals("StatefulSet"))
        .filter(object -> object.at("/metadata/name").asText().startsWith("vl3-nse"));
  }

  private static Path values(String name) {
    return Chart.KUBERNETES.resolve("values/" + name + ".yaml");
  }
}
