package io.vl3.cli.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.assembly.SelfCommand;
import io.vl3.nsm.interop.RequiresGo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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

  @TempDir private Path directory;

  static Stream<Path> valueSets() {
    return Chart.valueSets().stream().filter(values -> Pod.isIn(Chart.render(values)));
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everyEndpoint_startsWithWhatItsPodIsGiven(Path values) throws IOException {
    String said = verify(values);
    assertThat(said).contains("vl3.yaml: ok");
    assertThat(said.lines().filter(line -> line.startsWith("warning:")))
        .allMatch(line -> line.startsWith("warning: NSM_DEVICE_PLUGIN: without effect:"));
    if (!values.getFileName().toString().contains("-0.2")) {
      assertThat(said)
          .contains("nsm: NSM v1 at unix:///var/lib/")
          .contains("tls: SPIFFE Workload API at unix:///run/sp");
    }
  }

  @Test
  void nsm02() throws IOException {
    assertThat(verify(values("nsm-0.2")))
        .contains("nsm: NSM 0.2 (nsm.api in the file)")
        .contains("data plane: vpp-agent at localhost:9113")
        .contains("prefix: 10.60.130.0/24 (--prefix-index)")
        .contains("tls: none");
    assertThat(verify(values("nsm-0.2"), "--set", "insecure=false"))
        .contains("tls: SPIFFE Workload API at unix:///run/spire/sockets/agent.sock");
    assertThat(verify(values("original-0.2")))
        .contains("nsm: NSM 0.2 (nsm.api in the file)")
        .contains("remote domains: 198.51.100.1, 198.51.100.2")
        .contains("ipam-vl3-service.example.com:50051");
  }

  @Test
  void names() {
    Pod pod = Pod.of(Chart.render(values("names")));
    assertThat(pod.configuration()).contains("workloadRegistry: \"vl3-names:50051\"");
    assertThat(Pod.ofNames(Chart.render(values("names"))).configuration())
        .isEqualTo(
            """
            nsm:
              tls: {source: spiffe, workloadApi: "unix:///run/spire/sockets/agent.sock"}
            """);
  }

  @Test
  void centralIpam() {
    Pod pod = Pod.ofIpam(Chart.render(values("central-ipam")));
    assertThat(pod.arguments(Path.of("vl3.yaml")))
        .containsExactly(
            "ipam-serve",
            "--prefix=10.60.0.0/16",
            "--listen-on=0.0.0.0:5006",
            "--journal=/var/lib/vl3/ipam.journal",
            "--tls-config=vl3.yaml");
    assertThat(pod.configuration())
        .isEqualTo(Pod.ofNames(Chart.render(values("names"))).configuration());
    assertThat(
            Pod.ofIpam(Chart.render(values("central-ipam-alone"))).arguments(Path.of("vl3.yaml")))
        .contains("--insecure")
        .noneMatch(argument -> argument.startsWith("--tls-config"));
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

  private String verify(Path values, String... settings) throws IOException {
    Pod pod = Pod.of(Chart.render(values, settings));
    List<String> arguments = pod.arguments(pod.write(directory));
    arguments.add("--verify");
    return Program.runAlone(pod.variables(), SelfCommand.line(arguments)).success();
  }

  private static Path values(String name) {
    return Chart.KUBERNETES.resolve("values/" + name + ".yaml");
  }
}
