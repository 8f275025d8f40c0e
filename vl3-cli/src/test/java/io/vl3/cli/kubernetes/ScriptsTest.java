package io.vl3.cli.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scripts ask of kubectl and helm, in which order, and where they stop. */
class ScriptsTest {

  private static final String[] BOTH = {"--kconf_clus1=one", "--kconf_clus2=two", "--nowait"};
  private static final String ADDRESS =
      "7: nsm0    inet %s/32 scope global nsm0\\\\       valid_lft forever\\n";

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
  void twoClusters_nameEachOther_andHaveDifferentOrdinals() throws IOException {
    cluster.answers("* get secret vl3-mysql *", 1, "");
    cluster
        .with("MYSQL_ROOT_PASSWORD", "secret-of-root")
        .run("demo_vl3.sh", with("--hello", "--mysql"))
        .success();
    List<String> calls = cluster.calls();
    assertThat(calls.stream().filter(call -> call.contains("firstOrdinal")).toList())
        .hasSize(2)
        .satisfies(
            both -> {
              assertThat(both.get(0)).contains("firstOrdinal=0 ", "remoteDomains[0]=my.cluster2");
              assertThat(both.get(1)).contains("firstOrdinal=128 ", "remoteDomains[0]=my.cluster1");
            });
    assertThat(calls.stream().filter(call -> call.contains(" apply ")).toList())
        .containsExactly(
            apply("one"), apply("two"), apply("one"), apply("two"), apply("one"), apply("two"));
    assertThat(calls)
        .anyMatch(call -> call.contains("replica.primaryHost=mysql-primary-0.vl3-service"));
  }

  @Test
  void passwords_areTheSameInBothClusters_andInNoCommandLine() throws IOException {
    cluster.answers("* get secret vl3-mysql *", 1, "");
    String said = cluster.run("demo_vl3.sh", with("--mysql")).success();
    List<String> secrets =
        cluster.calls().stream().filter(call -> call.contains("root-password")).toList();
    assertThat(secrets).hasSize(2).allMatch(line -> line.startsWith("  < "));
    assertThat(secrets.get(0))
        .isEqualTo(secrets.get(1))
        .matches(".*root-password: \"[0-9a-f]{36}\".*replication-password: \"[0-9a-f]{36}\".*");
    String root = secrets.get(0).replaceAll(".*root-password: \"([0-9a-f]+)\".*", "$1");
    assertThat(said).doesNotContain(root);
    assertThat(cluster.calls().stream().filter(line -> !line.startsWith("  <")).toList())
        .noneMatch(call -> call.contains(root));
  }

  @Test
  void clusterWithoutNsm_isSaid_andNothingIsChanged() throws IOException {
    cluster.answers("* two * get crd *", 1, "");
    cluster.answers("* one * get crd *", 0, "");
    assertThat(cluster.run("demo_vl3.sh", with("--hello")).failure())
        .contains("demo_vl3.sh: failed: find NSM in two (exit code 1)");
    assertThat(cluster.changes()).noneMatch(call -> call.contains("two"));
  }

  @Test
  void firstInstallationThatFails_endsTheDemonstration() throws IOException {
    cluster.answers("* --kubeconfig one * rollout status *", 1, "");
    assertThat(cluster.run("demo_vl3.sh", with("--hello")).failure())
        .contains("demo_vl3.sh: failed: install the vL3 in one");
    assertThat(cluster.changes()).noneMatch(call -> call.contains("two"));
  }

  @Test
  void deletion_removesWorkloadsFirst_andOnlyANamespaceOfTheirOwn() throws IOException {
    cluster.answers("* one * get namespace -l *", 0, "namespace/vl3\\nnamespace/other\\n");
    cluster.run("demo_vl3.sh", with("--delete")).success();
    assertThat(cluster.changes())
        .filteredOn(call -> call.contains(" one "))
        .containsExactly(
            delete("one", "--ignore-not-found -f -"),
            delete("one", "--ignore-not-found -f -"),
            delete("one", "--ignore-not-found -f -"),
            delete("one", "--ignore-not-found -f -"),
            delete(
                "one",
                "pvc --ignore-not-found -l app.kubernetes.io/name in (mysql-primary,"
                    + " mysql-replica)"),
            delete("one", "secret vl3-mysql --ignore-not-found"),
            delete("one", "namespace vl3"));
    assertThat(cluster.changes())
        .filteredOn(call -> call.contains(" two "))
        .hasSize(6)
        .noneMatch(call -> call.endsWith("namespace vl3"));
    assertThat(cluster.calls().stream().filter(call -> call.startsWith("helm")).toList())
        .satisfies(
            rendered -> {
              assertThat(rendered.get(0)).contains("mysql.replica.enabled=true");
              assertThat(rendered.get(3)).contains("nsm.remoteDomains[0]");
            });
  }

  @Test
  void cleanup_ofOneCluster_andItsFirstFailure() throws IOException {
    cluster.with("KCONF", "one");
    cluster.run("cleanup.sh").success();
    assertThat(cluster.changes()).hasSize(6).allMatch(call -> call.contains("--kubeconfig one"));
    cluster.answers("* delete *", 1, "");
    assertThat(cluster.run("cleanup.sh").failure())
        .contains("failed: remove mysql-replica from one");
  }

  @Test
  void everyPairIsChecked_acrossClusters() throws IOException {
    twoPods();
    cluster.answers("* exec * curl *", 0, "Hello version: v1, instance: some\\n");
    assertThat(cluster.run("check_vl3.sh", BOTH).success())
        .contains("a in one has 10.60.0.2 in the vL3", "All 6 checks are well.")
        .contains("a in one reaches c at 10.60.128.2: Hello version: v1, instance: some");
    assertThat(cluster.calls().stream().filter(call -> call.contains("curl")).toList())
        .hasSize(6)
        .anyMatch(
            call -> call.matches(".*--kubeconfig two .* exec c .*http://10.60.0.2:5000/hello"));
  }

  @Test
  void aPairThatFails_failsTheCheck() throws IOException {
    twoPods();
    cluster.answers("* exec b *http://10.60.128.2:5000/hello*", 28, "");
    cluster.answers("* exec * curl *", 0, "Hello version: v1, instance: some\\n");
    assertThat(cluster.run("check_vl3.sh", BOTH).failure())
        .contains("check_vl3.sh: failed: b in one reaches c at 10.60.128.2 (exit code 28)")
        .doesNotContain("are well");
  }

  @Test
  void anAnswerOfSomethingElse_failsTheCheck() throws IOException {
    twoPods();
    cluster.answers("* exec * curl *", 0, "<html>a proxy</html>");
    assertThat(cluster.run("check_vl3.sh", BOTH).failure())
        .contains("is greeted by b at 10.60.0.6: <html>a proxy</html> (expected: Hello version");
  }

  @Test
  void podWithoutItsInterface_failsTheCheck() throws IOException {
    cluster.answers("* get pods *", 0, "a\\nb\\n");
    assertThat(cluster.run("check_vl3.sh").failure())
        .contains("no address on nsm0 (expected: one in the vL3)");
    FakeCluster empty = new FakeCluster(directory.resolve("empty"));
    assertThat(empty.run("check_vl3.sh").failure())
        .contains("helloworld pods", "none (expected: some");
  }

  @Test
  void rowThatArrives_isWaitedFor() throws IOException {
    cluster.answersAtFirst("* two * exec -i *where name*", 2, 0, "0\\n");
    cluster.answers("* two * exec -i *where name*", 0, "1\\n");
    cluster.answers("* exec -i *count*", 0, "7\\n");
    assertThat(cluster.run("check_mysql.sh", with("--populate")).success())
        .contains("All 7 rows of the primary are at the replica.");
    assertThat(cluster.calls())
        .filteredOn(call -> call.contains("exec"))
        .allMatch(call -> call.endsWith("--skip-column-names"))
        .noneMatch(call -> call.contains("insert"));
  }

  @Test
  void rowThatDoesNotArrive_failsTheCheck_whateverTheReplicaSays() throws IOException {
    cluster.answers("* two * exec -i *where name*", 0, "0\\n");
    cluster.answers("* two * exec -i *show replica status*", 0, "Slave_IO_Running: Yes\\n");
    assertThat(cluster.with("PATIENCE", "0").run("check_mysql.sh", with("--populate")).failure())
        .contains("Slave_IO_Running: Yes", "not there after 0 s");
  }

  @Test
  void fewerRowsThanThePrimaryHas_failTheCheck() throws IOException {
    cluster.answers("* one * exec -i *count*", 0, "7\\n");
    cluster.answers("* two * exec -i *count*", 0, "5\\n");
    assertThat(cluster.run("check_mysql.sh", BOTH).failure())
        .contains("rows at the replica: 5 (expected: 7, as at the primary)");
  }

  @Test
  void missingTools_areNamedAtOnce() throws IOException {
    cluster.with("PATH", directory.resolve("nothing") + ":" + basics());
    assertThat(cluster.run("vl3_interdomain.sh").failure()).contains("missing: kubectl helm");
  }

  /** Two in the first cluster, one in the second. */
  private void twoPods() throws IOException {
    cluster.answers("* one * get pods *", 0, "a\\nb\\n");
    cluster.answers("* two * get pods *", 0, "c\\n");
    cluster.answers("* exec a * ip -o addr *", 0, ADDRESS.formatted("10.60.0.2"));
    cluster.answers("* exec b * ip -o addr *", 0, ADDRESS.formatted("10.60.0.6"));
    cluster.answers("* exec c * ip -o addr *", 0, ADDRESS.formatted("10.60.128.2"));
  }

  /** A directory with what a script needs before it looks for tools. */
  private Path basics() throws IOException {
    Path tools = Files.createDirectories(directory.resolve("basics"));
    for (String tool : List.of("basename", "dirname", "cat")) {
      Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin/" + tool));
    }
    return tools;
  }

  private static String[] with(String... options) {
    String[] all = Arrays.copyOf(BOTH, BOTH.length + options.length);
    System.arraycopy(options, 0, all, BOTH.length, options.length);
    return all;
  }

  private static String apply(String kubeconfig) {
    return "kubectl --kubeconfig %s --namespace vl3 apply -f -".formatted(kubeconfig);
  }

  private static String delete(String kubeconfig, String what) {
    return "kubectl --kubeconfig %s --namespace vl3 delete %s".formatted(kubeconfig, what);
  }
}
