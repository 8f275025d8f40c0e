package io.vl3.cli.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vl3.nsm.interop.RequiresGo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every set of values, and every base, created on a real API server and read back. Outside of the
 * build, because it takes minutes to build: {@code -Papiserver}.
 */
@RequiresGo
@EnabledIfSystemProperty(named = "vl3.apiserver", matches = ".+")
class ApiServerTest {

  /** As NSM's own is: an object with anything in its spec. */
  private static final String NSM_KIND =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: networkservices.networkservicemesh.io}
      spec:
        group: networkservicemesh.io
        scope: Namespaced
        names: {kind: NetworkService, plural: networkservices, singular: networkservice}
        versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec: {type: object, x-kubernetes-preserve-unknown-fields: true}
      """;

  @TempDir private static Path directory;
  private static ApiServer server;

  /** But those whose files are not there. */
  static List<Path> valueSets() {
    return Chart.valueSets().stream()
        .filter(values -> !Objects.read(Chart.render(values)).isEmpty())
        .toList();
  }

  static List<Path> bases() {
    return Chart.bases();
  }

  @BeforeAll
  static void start() throws Exception {
    Path programs = programs();
    if (!Files.isExecutable(programs.resolve("etcd"))) {
      Program.run(Chart.KUBERNETES.resolve("tools/build-apiserver").toString(), "" + programs)
          .success();
    }
    server = new ApiServer(programs, directory);
    server.kubectl(NSM_KIND, "create", "-f", "-").success();
    for (String kind : List.of("servicemonitors", "prometheusrules")) {
      Path crd = programs.resolve("monitoring.coreos.com_" + kind + ".yaml");
      server.kubectl("", "create", "-f", crd.toString()).success();
      server
          .kubectl("", "wait", "--for=condition=Established", "--timeout=60s", "-f", "" + crd)
          .success();
    }
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everySet_isCreated_andReadBackAsItWas(Path values) {
    String rendered = Chart.render(values);
    String namespace = namespace("set", values);
    apply(rendered, namespace);
    assertThere(rendered, namespace);
    // Nothing is changed by the same once more.
    Map<String, JsonNode> before = read(rendered, namespace);
    apply(rendered, namespace);
    assertThat(read(rendered, namespace)).isEqualTo(before);
  }

  /**
   * The API server takes a StatefulSet's word for what its controller would make: so it is made.
   */
  @ParameterizedTest
  @MethodSource("valueSets")
  void everyPod_isAccepted(Path values) {
    String namespace = namespace("pod", values);
    for (JsonNode object : Objects.read(Chart.render(values))) {
      JsonNode template = object.at("/spec/template");
      if (template.isObject()) {
        String pod =
            "apiVersion: v1\nkind: Pod\nmetadata: {name: it, labels: %s}\nspec: %s\n"
                .formatted(
                    template.at("/metadata/labels"), withVolumes(template.get("spec"), object));
        server.kubectl(pod, "-n", namespace, "create", "-f", "-").success();
        server.kubectl("", "-n", namespace, "delete", "pod", "it", "--force").success();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("bases")
  void everyBase_isApplied(Path base) {
    String namespace = namespace("base", base);
    server.kubectl("", "-n", namespace, "apply", "-k", base.toString()).success();
    assertThere(Chart.kustomize(base), namespace);
  }

  @Test
  void cleanup_leavesNothing() throws Exception {
    String namespace = namespace("cleanup", Path.of("all"));
    FakeCluster local = new FakeCluster(directory.resolve("scripts"));
    local.withReal(Path.of(Chart.helm())).withReal(programs().resolve("kubectl"));
    local.with("KCONF", server.kubeconfig().toString()).with("HOME", directory.toString());
    local.with("NAMESPACE", namespace).with("WAIT", "1s").with("REMOTE_IP", "my.cluster2");
    assertThat(local.run("vl3_interdomain.sh").failure())
        .contains("failed: wait for statefulset/vl3-nse-vl3-service");
    String all =
        "statefulsets,deployments,services,configmaps,networkpolicies,poddisruptionbudgets";
    assertThat(server.kubectl("", "-n", namespace, "get", all, "-o", "name").success())
        .contains("statefulset.apps/vl3-nse-vl3-service", "configmap/nsm-vl3-vl3-service");
    local.run("cleanup.sh").success();
    assertThat(
            server
                .kubectl("", "-n", namespace, "get", all + ",networkservices", "-o", "name")
                .success())
        .isEmpty();
  }

  private static Path programs() {
    return Path.of(System.getProperty("vl3.apiserver")).toAbsolutePath();
  }

  private static String namespace(String prefix, Path file) {
    String set = file.getFileName().toString().replace(".yaml", "");
    String name = prefix + "-" + set.replace('.', '-'); // a namespace's name has no dots
    server.kubectl("", "create", "namespace", name).success();
    return name;
  }

  private static void apply(String objects, String namespace) {
    server.kubectl(objects, "-n", namespace, "apply", "--server-side", "-f", "-").success();
  }

  private static Map<String, JsonNode> read(String objects, String namespace) {
    JsonNode list =
        Objects.read(
                server.kubectl(objects, "-n", namespace, "get", "-f", "-", "-o", "yaml").success())
            .get(0);
    if (!list.has("items")) {
      return Map.of(Objects.name(list), list);
    }
    Map<String, JsonNode> found = new TreeMap<>();
    list.get("items").forEach(object -> found.put(Objects.name(object), object));
    return found;
  }

  private static void assertThere(String objects, String namespace) {
    Map<String, JsonNode> kept = read(objects, namespace);
    Objects.byName(objects)
        .forEach((name, wanted) -> assertThat(Objects.missing(wanted, kept.get(name))).isEmpty());
  }

  /** What a StatefulSet's controller adds: a volume for each claim. */
  private static JsonNode withVolumes(JsonNode spec, JsonNode object) {
    ObjectNode pod = spec.deepCopy();
    for (JsonNode claim : object.at("/spec/volumeClaimTemplates")) {
      pod.withArray("volumes")
          .addObject()
          .put("name", claim.at("/metadata/name").asText())
          .putObject("emptyDir");
    }
    return pod;
  }
}
