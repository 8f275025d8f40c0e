package io.vl3.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.demo.DemoPlan.Workload;
import io.vl3.cli.pairs.Pair;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@RequiresNetns
class WorkloadsTest {

  private static final int PORT = 8080;

  @Test
  void workloadsFetchEachOther_fromTheirNamespaces() throws Exception {
    try (TestNetns fixtures = new TestNetns("vl3-cli")) {
      List<String> names =
          fixtures.addAll(List.of("a", "b")).stream().map(WorkloadsTest::nameOf).toList();
      Ip.batch(
          List.of(
              "link add name nsm0 netns %s type veth peer name nsm0 netns %s"
                  .formatted(names.get(0), names.get(1))));
      try (WorkloadHost a = open("a", names.get(0));
          WorkloadHost b = open("b", names.get(1))) {
        FetchMatrix matrix =
            new FetchMatrix(List.of(a, b), new HelloClient(PORT, Duration.ofSeconds(60)));
        assertThat(matrix.addresses()).isEmpty();
        assertThat(matrix.fetchAll(Map.of())).extracting(Pair::error).contains("b has no address");

        address(names.get(0), "10.9.0.1/24");
        address(names.get(1), "10.9.0.2/24");
        Map<String, String> addresses = matrix.addresses();
        assertThat(addresses).isEqualTo(Map.of("a", "10.9.0.1", "b", "10.9.0.2"));
        assertThat(matrix.ringAnswers(addresses)).isTrue();
        assertThat(matrix.fetchAll(addresses)).hasSize(2).allMatch(Pair::ok);
      }
    }
  }

  private static WorkloadHost open(String name, String netns) throws Exception {
    return WorkloadHost.open(
        new Workload(name, netns), PORT, NetnsThreads.in(netns), Runnable::run);
  }

  private static void address(String netns, String address) throws Exception {
    Ip.batchIn(netns, List.of("address add " + address + " dev nsm0", "link set dev nsm0 up"));
  }

  private static String nameOf(Netns netns) {
    return Stream.of(netns.path()).map(Path::getFileName).map(Path::toString).findFirst().get();
  }
}
