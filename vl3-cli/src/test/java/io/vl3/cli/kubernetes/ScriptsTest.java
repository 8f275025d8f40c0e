package io.vl3.cli.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code vl3_interdomain.sh} asks of kubectl and helm, in which order; and every script's
 * options.
 */
class ScriptsTest {

  @TempDir private Path directory;
  private FakeCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(directory);
    cluster.answers("helm template *", 0, "rendered\\n");
  }

  @Test
  void oneCluster_isInstalledInOrder() throws IOException {
    cluster.answers("* get namespace vl3 *", 1, "");
    cluster
        .with("KCONF", "one")
        .with("NSEREPLICAS", "2")
        .with("REMOTE_IP", "my.cluster2,192.0.2.7:7001")
        .run("vl3_interdomain.sh", "--ipamPool=10.61.0.0/16", "--hello", "--nse-hub=hub:5000/a")
        .success();
    String template =
        "helm template vl3 " + FakeCluster.SCRIPTS + "/../kubernetes/vl3 --namespace vl3 ";
    assertThat(cluster.calls())
        .containsExactly(
            "kubectl --kubeconfig one --namespace vl3 get namespace vl3 -o name",
            "kubectl --kubeconfig one --namespace vl3 create namespace vl3",
            "kubectl --kubeconfig one --namespace vl3 label namespace vl3"
                + " vl3.example/made-by-script=true",
            template
                + "--set-string nsm.serviceName=vl3-service"
                + " --set-string nseControl.ipam.defaultPrefixPool=10.61.0.0/16"
                + " --set-string image.repository=hub:5000/a/vl3 --set replicaCount=2"
                + " --set-string nsm.remoteDomains[0]=my.cluster2"
                + " --set-string nsm.remoteDomains[1]=192.0.2.7:7001",
            "kubectl --kubeconfig one --namespace vl3 apply -f -",
            "  < rendered",
            "kubectl --kubeconfig one --namespace vl3 rollout status"
                + " statefulset/vl3-nse-vl3-service --timeout=150s",
            template
                + "--set-string nsm.serviceName=vl3-service --set nse.enabled=false"
                + " --set hello.enabled=true",
            "kubectl --kubeconfig one --namespace vl3 apply -f -",
            "  < rendered",
            "kubectl --kubeconfig one --namespace vl3 rollout status"
                + " deployment/helloworld-vl3-service --timeout=150s");
  }

  @Test
  void imagesOfWorkloads_areNamedByVariables() throws IOException {
    cluster
        .with("HELLO_IMAGE", "hub:5000/team/hello:v2")
        .with("MYSQL_IMAGE", "hub:5000/mariadb")
        .run("demo_vl3.sh", FakeCluster.both("--hello", "--mysql", "--nowait"))
        .success();
    assertThat(cluster.calls())
        .anyMatch(
            call ->
                call.endsWith(
                    "--set hello.enabled=true"
                        + " --set-string hello.image.repository=hub:5000/team/hello"
                        + " --set-string hello.image.tag=v2"))
        .anyMatch(
            call ->
                call.endsWith(
                    "--set mysql.primary.enabled=true"
                        + " --set-string mysql.image.repository=hub:5000/mariadb"))
        .anyMatch(
            call ->
                call.contains("mysql.replica.enabled=true")
                    && call.endsWith(" --set-string mysql.image.repository=hub:5000/mariadb"));
  }

  @Test
  void withoutKubeconfig_kubectlChooses_andANamespaceThatIsThereStays() throws IOException {
    cluster.run("vl3_interdomain.sh", "--namespace=mine", "--serviceName=net").success();
    assertThat(cluster.changes()).containsExactly("kubectl --namespace mine apply -f -");
  }

  @Test
  void anAddressAlone_isNoRemoteDomainOfNsm() throws IOException {
    String said = cluster.with("REMOTE_IP", "203.0.113.7").run("vl3_interdomain.sh").failure();
    assertThat(said).contains("vl3_interdomain.sh: REMOTE_IP: 203.0.113.7 (expected: a DNS domain");
    assertThat(cluster.calls()).isEmpty();
  }

  @Test
  void whatCannotBeRendered_isNotApplied() throws IOException {
    FakeCluster failing = new FakeCluster(directory.resolve("other"));
    failing.answers("helm template *", 3, "");
    assertThat(failing.run("vl3_interdomain.sh").failure())
        .contains(
            "failed: render the NSEs of vl3-service (exit code 3)", "Nothing of it was applied");
    assertThat(failing.changes()).isEmpty();
  }

  @Test
  void whatCannotBeApplied_endsIt() throws IOException {
    cluster.answers("kubectl * apply *", 4, "");
    assertThat(cluster.run("vl3_interdomain.sh", "--hello").failure())
        .contains("failed: apply the NSEs of vl3-service in the cluster of the current context")
        .contains("(exit code 4)");
    assertThat(cluster.calls()).noneMatch(call -> call.contains("rollout"));
  }

  @Test
  void podsThatAreNotReady_areShown() throws IOException {
    cluster.answers("* rollout status *", 1, "");
    cluster.answers("* get pods *", 0, "vl3-nse-vl3-service-0 ImagePullBackOff\\n");
    assertThat(cluster.with("WAIT", "1s").run("vl3_interdomain.sh", "--hello").failure())
        .contains("ImagePullBackOff", "not ready within 1s")
        .contains("failed: wait for statefulset/vl3-nse-vl3-service");
    assertThat(cluster.calls()).noneMatch(call -> call.contains("hello.enabled"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vl3_interdomain.sh",
        "demo_vl3.sh",
        "check_vl3.sh",
        "check_mysql.sh",
        "cleanup.sh"
      })
  void whatNobodyKnows_isRefused_andHelpIsGiven(String script) throws IOException {
    assertThat(cluster.run(script, "--wrong").failure()).contains("Usage:", "option: --wrong");
    assertThat(cluster.run(script, "--namespace=").failure()).contains("option: --namespace=");
    assertThat(cluster.run(script, "--help").success()).contains("Usage: " + script);
    assertThat(cluster.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo_vl3.sh", "check_mysql.sh"})
  void bothClustersAreNeeded_andAreTwo(String script) throws IOException {
    assertThat(cluster.run(script, "--kconf_clus1=one").failure())
        .contains("kubeconfigs: one, none (expected: --kconf_clus1 and --kconf_clus2)");
    assertThat(cluster.run(script, "--kconf_clus1=one", "--kconf_clus2=one").failure())
        .contains("both one (expected: two clusters)");
    assertThat(cluster.calls()).isEmpty();
  }

  @Test
  void missingTools_areNamedAtOnce() throws IOException {
    cluster.with("PATH", directory.resolve("nothing") + ":" + basics());
    assertThat(cluster.run("vl3_interdomain.sh").failure()).contains("missing: kubectl helm");
  }

  /** A directory with what a script needs before it looks for tools. */
  private Path basics() throws IOException {
    Path tools = Files.createDirectories(directory.resolve("basics"));
    for (String tool : List.of("basename", "dirname", "cat")) {
      Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin/" + tool));
    }
    return tools;
  }
}
