package io.vl3.cli.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code check_vl3.sh} and {@code check_mysql.sh} take for well, and what not. */
class CheckScriptsTest {

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
  void everyPairIsChecked_acrossClusters() throws IOException {
    twoPods();
    cluster.answers("* exec * curl *", 0, "Hello version: v1, instance: some\\n");
    assertThat(cluster.run("check_vl3.sh", FakeCluster.both()).success())
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
    assertThat(cluster.run("check_vl3.sh", FakeCluster.both()).failure())
        .contains("check_vl3.sh: failed: b in one reaches c at 10.60.128.2 (exit code 28)")
        .doesNotContain("are well");
  }

  @Test
  void anAnswerOfSomethingElse_failsTheCheck() throws IOException {
    twoPods();
    cluster.answers("* exec * curl *", 0, "<html>a proxy</html>");
    assertThat(cluster.run("check_vl3.sh", FakeCluster.both()).failure())
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
    assertThat(cluster.run("check_mysql.sh", FakeCluster.both("--populate")).success())
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
    assertThat(
            cluster
                .with("PATIENCE", "0")
                .run("check_mysql.sh", FakeCluster.both("--populate"))
                .failure())
        .contains("Slave_IO_Running: Yes", "not there after 0 s");
  }

  @Test
  void fewerRowsThanThePrimaryHas_failTheCheck() throws IOException {
    cluster.answers("* one * exec -i *count*", 0, "7\\n");
    cluster.answers("* two * exec -i *count*", 0, "5\\n");
    assertThat(cluster.run("check_mysql.sh", FakeCluster.both()).failure())
        .contains("rows at the replica: 5 (expected: 7, as at the primary)");
  }

  /** Two in the first cluster, one in the second. */
  private void twoPods() throws IOException {
    cluster.answers("* one * get pods *", 0, "a\\nb\\n");
    cluster.answers("* two * get pods *", 0, "c\\n");
    cluster.answers("* exec a * ip -o addr *", 0, ADDRESS.formatted("10.60.0.2"));
    cluster.answers("* exec b * ip -o addr *", 0, ADDRESS.formatted("10.60.0.6"));
    cluster.answers("* exec c * ip -o addr *", 0, ADDRESS.formatted("10.60.128.2"));
  }
}
