package io.vl3.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.connection.Connection;
import io.vl3.api.connection.Mechanism;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.read.ConfigReader;
import io.vl3.cli.config.read.Overrides;
import io.vl3.cli.process.Wait;
import io.vl3.nsm.interop.GoMesh;
import io.vl3.nsm.interop.GoPeer;
import io.vl3.nsm.interop.RequiresGo;
import io.vl3.registry.EndpointRecord;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An endpoint with VPP behind NSM's own manager, whose forwarder asks for MEMIF. */
@RequiresGo
class GoMemifTest {

  private static final String CONFIG =
      """
      endpoints:
      - name: vl3
        nseName: vpp
        vl3: {ipam: {defaultPrefixPool: 10.60.0.0/16, prefixIndex: 1}}
      nsm: {connectTo: '%s'}
      dataplane: {type: vpp-agent, address: '127.0.0.1:%d'}
      state: {durable: false}
      """;

  @TempDir private Path directory = Path.of("/");

  @Test
  void memifAskedByNsmsForwarder_runsInVpp_isKeptByARefresh_andGoesWithTheClose() throws Exception {
    FakeAgent agent = new FakeAgent();
    CompletableFuture<EndpointRecord> registered = new CompletableFuture<>();
    try (GoMesh mesh = GoMesh.withManager("-offers", "MEMIF");
        FakeAgentServer server = FakeAgentServer.onPort(agent, 0)) {
      Vl3Config config = config(mesh.managerUrl(), server.port());
      try (Node node = Node.join(directory, Optional.of(config.nsm()));
          Nses nses =
              Nses.start(
                  node, config, (nse, record, prefixes) -> registered.complete(record), () -> {})) {
        assertThat(registered.get(60, TimeUnit.SECONDS).name()).isEqualTo("vpp");
        GoPeer client = mesh.client("nsc");

        Connection up = client.ask("request", workload(Connection.newBuilder()), "").connection();

        assertThat(up.getMechanism().getType()).isEqualTo("KERNEL");
        List<String> memif = memifs(agent);
        assertThat(memif).singleElement().asString().contains(" master IP socket ");
        client.ask("request", workload(up.toBuilder()), "");
        assertThat(memifs(agent)).isEqualTo(memif);
        assertThat(nses.status().get(0).connections()).isEqualTo(1);

        client.ask("close", up, "");

        Wait.until(agent::state, () -> memifs(agent).isEmpty());
        Wait.until(() -> "closed", () -> nses.status().get(0).connections() == 0);
      }
    }
    assertThat(agent.state()).isEmpty();
  }

  private Vl3Config config(String manager, int port) throws Exception {
    return ConfigReader.read(
        "vl3.yaml",
        CONFIG.formatted(manager, port),
        Map.of(),
        Overrides.NONE.withRunDirectory(directory.toString()));
  }

  private static List<String> memifs(FakeAgent agent) {
    return agent.state().lines().filter(line -> line.startsWith("memif ")).toList();
  }

  private static NetworkServiceRequest workload(Connection.Builder connection) {
    return NetworkServiceRequest.newBuilder()
        .setConnection(connection.setId("nsc-1").setNetworkService("vl3"))
        .addMechanismPreferences(
            Mechanism.newBuilder()
                .setCls("LOCAL")
                .setType("KERNEL")
                .putParameters("inodeURL", "file:///proc/self/ns/net"))
        .build();
  }
}
