package io.vl3.cli.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vl3.nsm.interop.RequiresGo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart with every set of values, by Helm itself, and what its schema refuses. */
@RequiresGo
class ChartTest {

  @TempDir private Path directory;

  static List<Path> valueSets() {
    return Chart.valueSets();
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everySet_isWellForLint(Path values) {
    Program.run(
            Chart.helm(),
            "lint",
            "--strict",
            Chart.DIRECTORY.toString(),
            "--values",
            values.toString())
        .success();
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everySet_isValidInThreeVersions(Path values) {
    assertThat(Chart.versions()).hasSize(3);
    for (String version : Chart.versions()) {
      String objects = Chart.render(Chart.DIRECTORY, version, values);
      assertThat(Chart.validate(version, objects).success()).contains("Invalid: 0, Errors: 0");
    }
  }

  @Test
  void everySet_isInTheReadme() throws IOException {
    String readme = Files.readString(Chart.KUBERNETES.resolve("README.md"));
    assertThat(Chart.valueSets())
        .map(values -> "`" + values.getFileName().toString().replace(".yaml", "") + "`")
        .allMatch(readme::contains);
  }

  @Test
  void whatKubernetesDoesNotKnow_isFound() {
    String objects = Chart.render(values("nsm-v1-kernel"));
    String version = Chart.versions().get(2);
    assertThat(
            Chart.validate(version, objects.replace("podManagementPolicy:", "podPolicy:"))
                .failure())
        .contains("podPolicy");
    assertThat(Chart.validate(version, objects.replace("replicas: 2", "replicas: two")).failure())
        .contains("/spec/replicas");
    String withoutContainers = objects.replace("      containers:", "      initContainers:");
    assertThat(Chart.validate(version, withoutContainers).failure()).contains("containers");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replicaCount=two                                     | /replicaCount
          replicaCount=-1                                      | /replicaCount
          dataplane.type=ovs                                   | /dataplane/type
          nsm.serviceName=Vl3_Service                          | /nsm/serviceName
          nsm.remoteDomains[0]=203.0.113.7                     | /nsm/remoteDomains/0
          nseControl.ipam.defaultPrefixPool=10.60.0.0          | /nseControl/ipam/defaultPrefixPool
          nseControl.ipam.prefixLenght=24                      | /nseControl/ipam
          metricsPort=0                                        | /metricsPort
          prefixServers[0]=vl3-ipam                            | /prefixServers/0
          ipamUniqueOctet=256                                  | /ipamUniqueOctet
          ipamUniqueOctet=22,replicaCount=2                    | /replicaCount
          dataplane.type=vpp,dns.templates[0]=x                | /dns/templates
          mysql.replica.enabled=true                           | /mysql/replica/primaryHost
          podDisruptionBudget.maxUnavailable=half              | /podDisruptionBudget/maxUnavailable
          logLevel=loud                                        | /logLevel
          nsm.api=0.1                                          | /nsm/api
          nsm.api=v1,nsm.devicePlugin=true                     | /nsm/devicePlugin
          nsm.registry=nsmgr                                   | /nsm/registry
          names.memoryMiB=0                                    | /names/memoryMiB
          ipam.server=etcd                                     | /ipam/server
          ipam.prefixLength=129                                | /ipam/prefixLength
          nseControl.workloadRegistry=names                    | /nseControl/workloadRegistry
          hello.labels.service=a b                             | /hello/labels/service
          imagePolicy=Always                                   | imagePolicy
          """)
  void whatTheSchemaForbids_isRefusedWithItsPath(String setting, String path) {
    assertThat(Chart.template("--set", setting).failure()).contains(path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dataplane.type=kernel            | /dataplane/type
          nsm.connectTo=tcp://manager:5001 | /nsm/connectTo
          prefixServers[0]=tcp://ipam:5006 | /prefixServers
          """)
  void whatThe02ApiHasNot_isRefusedWithItsPath(String setting, String path) {
    assertThat(Chart.template("--values", values("nsm-0.2").toString(), "--set", setting).failure())
        .contains(path);
  }

  @Test
  void theOriginalsKeysThatMeanNothingHere_areNamed() {
    String notes =
        Program.run(
                Chart.helm(),
                "install",
                "vl3",
                Chart.DIRECTORY.toString(),
                "--dry-run=client",
                "--values",
                values("original").toString())
            .success();
    assertThat(notes)
        .contains("no effect here: registry, org, tag, pullPolicy, vppMetricsPort.")
        .doesNotContain("no effect here: global");
  }

  /** Made by others, these are told apart by their own templates' braces, which Helm must leave. */
  @Test
  void rulesAndDashboard_comeFromTheChartsFiles_asTheyAre() throws IOException {
    Path chart = copy(Chart.DIRECTORY, directory.resolve("vl3"));
    Path files = Files.createDirectories(chart.resolve("files"));
    Files.writeString(
        files.resolve("dashboard.json"), "{\"title\": \"vl3\", \"of\": \"{{nse}}\"}\n");
    Files.writeString(
        files.resolve("rules.yml"),
        """
        groups:
        - name: vl3
          rules:
          - alert: Vl3Down
            expr: vl3_registry_up == 0
            annotations: {summary: "{{ $labels.nse }} is down"}
        """);
    String version = Chart.versions().get(0);
    Map<String, JsonNode> watched =
        Objects.byName(Chart.render(chart, version, values("monitoring")));
    assertThat(watched)
        .containsOnlyKeys("PrometheusRule/vl3", "ServiceMonitor/vl3-nse-vl3-service");
    assertThat(watched.get("PrometheusRule/vl3").at("/spec/groups/0/rules/0/annotations/summary"))
        .hasToString("\"{{ $labels.nse }} is down\"");
    JsonNode dashboard =
        Objects.byName(Chart.render(chart, version, values("dashboard")))
            .get("ConfigMap/vl3-dashboard");
    assertThat(dashboard.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
    assertThat(Objects.read(dashboard.at("/data/vl3.json").asText()).get(0).get("of").asText())
        .isEqualTo("{{nse}}");
  }

  @Test
  void endpointsOfTwoClusters_haveDifferentNumbersOfOnePool() {
    JsonNode first = nse("cluster-1");
    JsonNode second = nse("cluster-2");
    assertThat(first.at("/spec/ordinals/start").asInt()).isZero();
    assertThat(second.at("/spec/ordinals/start").asInt()).isEqualTo(128);
    assertThat(first.at("/spec/template/spec/containers/0/args"))
        .isEqualTo(second.at("/spec/template/spec/containers/0/args"))
        .hasToString("[\"run\",\"--config=/etc/vl3/vl3.yaml\",\"--prefix-index=$(POD_INDEX)\"]");
  }

  @Test
  void networkPolicy_letsOutWhatTheValuesName() {
    String values = "nsm.connectTo=tcp://manager:5001,nsm.remoteDomains={my.cluster2,other:7001}";
    String objects =
        Chart.template("--set", values, "--set", "prefixServers={tcp://vl3-ipam:5006}").success();
    assertThat(Objects.byName(objects).get("NetworkPolicy/vl3-nse-vl3-service").at("/spec/egress"))
        .map(rule -> rule.at("/ports/0/port").asInt())
        .containsExactly(53, 5006, 7001, 5001);
  }

  @Test
  void withVpp_theEndpointHasNoPrivilege() {
    JsonNode context = nse("nsm-v1-vpp").at("/spec/template/spec/containers/0/securityContext");
    assertThat(context.has("privileged")).isFalse();
    assertThat(context.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
    assertThat(context.at("/capabilities").has("add")).isFalse();
    assertThat(context.at("/readOnlyRootFilesystem").asBoolean()).isTrue();
  }

  /** Both see the workspace under the same name, as the NSE tells VPP its sockets' files. */
  @Test
  void inThe02Api_endpointAndVpp_haveTheManagersDirectory() {
    JsonNode pod = nse("nsm-0.2").at("/spec/template/spec");
    JsonNode shared =
        Objects.read("{name: nsm-socket, mountPath: /var/lib/networkservicemesh}").get(0);
    assertThat(pod.at("/containers/0/volumeMounts")).contains(shared);
    assertThat(pod.at("/initContainers/0/volumeMounts")).contains(shared);
    assertThat(pod.at("/containers/0/securityContext").has("privileged")).isFalse();
  }

  @Test
  void thePodOfTheOriginalsChart_hasTheDevicePluginsWorkspace_andNoSidecar() {
    JsonNode pod = nse("original-0.2", "--set", "insecure=false").at("/spec/template/spec");
    assertThat(pod.has("initContainers")).isFalse();
    assertThat(pod.at("/containers/0/resources/limits/networkservicemesh.io~1socket").asInt())
        .isEqualTo(1);
    assertThat(pod.get("volumes")).noneMatch(volume -> volume.has("hostPath"));
  }

  @Test
  void workloads_areAttachedAsTheirNsmReadsIt() {
    assertThat(helloAnnotations(values("names")))
        .hasToString(
            "{\"networkservicemesh.io\":\"kernel://vl3-service/nsm0"
                + "?clusterName=cluster-1&port=5000&service=hello\"}");
    assertThat(helloAnnotations(values("nsm-0.2"), "--set", "hello.enabled=true"))
        .hasToString("{\"ns.networkservicemesh.io\":\"vl3-service\"}");
  }

  private static JsonNode helloAnnotations(Path values, String... options) {
    return Objects.byName(Chart.render(values, options))
        .get("Deployment/helloworld-vl3-service")
        .at("/spec/template/metadata/annotations");
  }

  private static JsonNode nse(String values, String... options) {
    return Objects.byName(Chart.render(values(values), options))
        .get("StatefulSet/vl3-nse-vl3-service");
  }

  private static Path values(String name) {
    return Chart.KUBERNETES.resolve("values/" + name + ".yaml");
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted().toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
    return to;
  }
}
