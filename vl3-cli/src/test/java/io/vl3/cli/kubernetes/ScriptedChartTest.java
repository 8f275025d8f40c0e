package io.vl3.cli.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vl3.nsm.interop.RequiresGo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scripts apply, with the real Helm: the chart takes every option that they give it. */
@RequiresGo
class ScriptedChartTest {

  @TempDir private Path directory;
  private FakeCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(directory).withReal(Path.of(Chart.helm()));
  }

  @Test
  void twoClusters_areGivenValidObjects_thatNameEachOther() throws IOException {
    cluster
        .run("demo_vl3.sh", FakeCluster.both("--hello", "--mysql", "--serviceName=net"))
        .success();
    Map<String, JsonNode> first = applied("one");
    Map<String, JsonNode> second = applied("two");
    assertThat(remote(first)).isEqualTo("my.cluster2");
    assertThat(remote(second)).isEqualTo("my.cluster1");
    assertThat(first.get("StatefulSet/vl3-nse-net").at("/spec/ordinals/start").asInt()).isZero();
    assertThat(second.get("StatefulSet/vl3-nse-net").at("/spec/ordinals/start").asInt())
        .isEqualTo(128);
    assertThat(first).containsKeys("Deployment/helloworld-net", "StatefulSet/mysql-primary");
    assertThat(second).containsKeys("Deployment/helloworld-net", "StatefulSet/mysql-replica");
    assertThat(second.get("StatefulSet/mysql-replica").at("/spec/template/spec/containers/0/env"))
        .anyMatch(variable -> variable.path("value").asText().equals("mysql-primary-0.net"));
    assertThat(first.get("ConfigMap/ucnf-vl3-net").at("/data/config.yaml").asText())
        .contains("templates: [\"{{ index .Labels \\\"podName\\\" }}.{{ .NetworkService }}.\"]");
  }

  @Test
  void oneCluster_takesEveryOptionOfTheOriginals() throws IOException {
    cluster
        .with("PULLPOLICY", "Always")
        .with("NSEREPLICAS", "1")
        .run(
            "vl3_interdomain.sh",
            "--ipamPool=192.168.0.0/16",
            "--ipamOctet=22",
            "--wcmNsrAddr=nsr.example.com",
            "--wcmNsrPort=5006",
            "--nameserver=192.0.2.4",
            "--dnszone=example.com",
            "--nse-hub=hub.example.com/team",
            "--nse-tag=1.2",
            "--hello",
            "--nowait")
        .success();
    JsonNode container =
        applied("").get("StatefulSet/vl3-nse-vl3-service").at("/spec/template/spec/containers/0");
    assertThat(container.get("image").asText()).isEqualTo("hub.example.com/team/vl3:1.2");
    assertThat(container.get("imagePullPolicy").asText()).isEqualTo("Always");
    assertThat(remote(applied(""))).isEqualTo("nsr.example.com");
  }

  @Test
  void whatTheSchemaForbids_isSaid_andNothingIsApplied() throws IOException {
    assertThat(cluster.run("vl3_interdomain.sh", "--ipamPool=10.60.0.0").failure())
        .contains("'/nseControl/ipam/defaultPrefixPool'")
        .contains("vl3_interdomain.sh: failed: render the NSEs of vl3-service");
    assertThat(cluster.changes()).isEmpty();
  }

  /** The objects that kubectl was given for a cluster, all of them valid. */
  private Map<String, JsonNode> applied(String kubeconfig) throws IOException {
    String option = kubeconfig.isEmpty() ? "kubectl --namespace" : "--kubeconfig " + kubeconfig;
    boolean ours = false;
    StringBuilder objects = new StringBuilder();
    for (String line : cluster.calls()) {
      if (line.startsWith("kubectl")) {
        ours = line.contains(option) && line.endsWith("apply -f -");
        objects.append(ours ? "---\n" : "");
      } else if (ours && line.startsWith("  < ")) {
        objects.append(line.substring(4)).append('\n');
      }
    }
    List<String> versions = Chart.versions();
    assertThat(Chart.validate(versions.get(versions.size() - 1), objects.toString()).success())
        .contains("Invalid: 0, Errors: 0");
    return Objects.byName(objects.toString());
  }

  private static String remote(Map<String, JsonNode> objects) {
    return objects.entrySet().stream()
        .filter(object -> object.getKey().startsWith("ConfigMap/nsm-vl3-"))
        .map(object -> object.getValue().at("/data/remote.ip_list").asText())
        .collect(Collectors.joining());
  }
}
