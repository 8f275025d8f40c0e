package io.vl3.cli.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code demo_vl3.sh} does in two clusters, and {@code cleanup.sh} in any. */
class DemoScriptTest {

  @TempDir private Path directory;
  private FakeCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(directory);
    cluster.answers("helm template *", 0, "rendered\\n");
  }

  @Test
  void twoClusters_nameEachOther_andHaveDifferentOrdinals() throws IOException {
    cluster.answers("* get secret vl3-mysql *", 1, "");
    cluster
        .with("MYSQL_ROOT_PASSWORD", "secret-of-root")
        .run("demo_vl3.sh", FakeCluster.both("--hello", "--mysql"))
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
    String said = cluster.run("demo_vl3.sh", FakeCluster.both("--mysql")).success();
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
    assertThat(cluster.run("demo_vl3.sh", FakeCluster.both("--hello")).failure())
        .contains("demo_vl3.sh: failed: find NSM in two (exit code 1)");
    assertThat(cluster.changes()).noneMatch(call -> call.contains("two"));
  }

  @Test
  void firstInstallationThatFails_endsTheDemonstration() throws IOException {
    cluster.answers("* --kubeconfig one * rollout status *", 1, "");
    assertThat(cluster.run("demo_vl3.sh", FakeCluster.both("--hello")).failure())
        .contains("demo_vl3.sh: failed: install the vL3 in one");
    assertThat(cluster.changes()).noneMatch(call -> call.contains("two"));
  }

  @Test
  void deletion_removesWorkloadsFirst_andOnlyANamespaceOfTheirOwn() throws IOException {
    cluster.answers("* one * get namespace -l *", 0, "namespace/vl3\\nnamespace/other\\n");
    cluster.run("demo_vl3.sh", FakeCluster.both("--delete")).success();
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

  private static String apply(String kubeconfig) {
    return "kubectl --kubeconfig %s --namespace vl3 apply -f -".formatted(kubeconfig);
  }

  private static String delete(String kubeconfig, String what) {
    return "kubectl --kubeconfig %s --namespace vl3 delete %s".formatted(kubeconfig, what);
  }
}
