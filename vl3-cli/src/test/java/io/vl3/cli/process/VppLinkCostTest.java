package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.assembly.Node;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.nsm.NsmClient;
import io.vl3.vpp.AskMemif;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints the processor time that links cost a {@code vl3 run} from its start on, in rounds, beside
 * the time of the JVM's compilers. The agent is a fake one, and the manager is this process's. See
 * docs/performance.md.
 */
@EnabledIfSystemProperty(
    named = "vl3.vpp.cost",
    matches = ".+",
    disabledReason = "prints processor times: -Dvl3.vpp.cost=ROUNDS")
@RequiresNetns
class VppLinkCostTest {

  private static final int ROUNDS = Integer.getInteger("vl3.vpp.cost", 1);
  private static final int LINKS = Integer.getInteger("vl3.vpp.links", 200);

  private static final String CONFIG =
      """
      endpoints:
      - name: vpp-cost
        nseName: one
        vl3:
          ipam: {defaultPrefixPool: 10.60.0.0/16, prefixLength: 20, prefixIndex: 1}
      dataplane:
        type: vpp-agent
        address: 127.0.0.1:%d
        memif: {socketDirectory: %s}
      """;

  @TempDir private Path directory;

  @Test
  void eachLinkIsOneUpdate_whateverItCostsTheProcessor() throws Exception {
    FakeAgent agent = new FakeAgent();
    try (Machine machine = new Machine(directory);
        FakeAgentServer server = FakeAgentServer.onPort(agent, 0);
        Node node = Node.join(machine.runDirectory(), Optional.empty())) {
      machine.run("one", CONFIG.formatted(server.port(), directory.resolve("sockets")));
      ThreadTimes run = ThreadTimes.ofProcess(directory.resolve("one.yaml").toString());
      System.out.println("start: " + run.since(Map.of()));
      for (int round = 1; round <= ROUNDS; round++) {
        agent.forgetCalls();
        Map<String, Long> before = run.now();
        try (NsmClient client = client(node)) {
          for (int n = 0; n < LINKS; n++) {
            client.request(ConnectionRequest.of(connection(n)));
          }
          System.out.printf("round %d, %d links: %s%n", round, LINKS, run.since(before));
          assertThat(agent.calls("Update")).isEqualTo(LINKS);
        }
        Wait.until(60, agent::state, () -> !agent.state().contains("memif"));
        assertThat(agent.calls("Delete")).isBetween(1L, (long) LINKS);
      }
    }
  }

  private static NsmClient client(Node node) {
    return NsmClient.builder(node.runtime(), node.manager(), "many")
        .element(new AskMemif(Optional.empty()))
        .build();
  }

  private static Connection connection(int n) {
    return Connection.to("vpp-cost")
        .withEndpointName("one")
        .withLabels(Map.of("podName", "many-" + n));
  }
}
