package com.example.nse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.failure.EndpointException;
import io.vl3.net.IpPrefix;
import io.vl3.nse.NsmEdge;
import io.vl3.nse.Vl3Nse;
import io.vl3.nsm.NsmClient;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.transport.GrpcChannels;
import io.vl3.vpp.VppLinks;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same endpoint with VPP: the fake agent shows what VPP would have. */
class TeamNseWithVppTest {

  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  private final FakeAgent agent = new FakeAgent();
  private final RequireTeam requireTeam = new RequireTeam();
  private Vl3Nse nse;
  private NsmClient client;

  @BeforeEach
  void start() throws Exception {
    FakeAgentServer server = nsm.closing(FakeAgentServer.onPort(agent, 0));
    String address = "127.0.0.1:" + server.port();
    ManagedChannel channel =
        GrpcChannels.open("tcp://" + address, nsm.runtime().transport().withInsecure(true));
    nsm.closing(channel::shutdownNow);
    VppLinks links =
        VppLinks.builder(
                channel,
                address,
                VppSettings.of("team-1"),
                nsm.runtime().timer(),
                nsm.runtime().executor(),
                nsm.runtime().random())
            .socketDirectory(Path.of("/run/team/memif"))
            .build();
    nse =
        nsm.closing(
            TeamNse.builder(
                    nsm.runtime(),
                    NsmEdge.v1(nsm.runtime(), nsm.access(), nsm.urlFor("team-1")),
                    "team-1",
                    IpPrefix.parse("10.60.7.0/24"),
                    links,
                    requireTeam)
                .start());
    nse.registered().toCompletableFuture().join();
    client = nsm.client("workload");
  }

  @Test
  void workloadWithTeam_getsAMemif_untilItCloses() throws Exception {
    Connection connection = client.request(workload(Map.of("team", "red", "podName", "web-1")));

    assertThat(connection.mechanism().orElseThrow().parameters())
        .containsEntry("socketfile", "/run/team/memif/team-1-0.sock");
    assertThat(agent.state().lines())
        .hasSize(2)
        .anySatisfy(
            memif ->
                assertThat(memif)
                    .startsWith("memif vl3.")
                    .contains(
                        ".web-1 master IP socket /run/team/memif/team-1-0.sock ",
                        " addresses 10.60.7.2/32 up"))
        .anySatisfy(
            route -> assertThat(route).startsWith("route 10.60.7.1/32 via 10.60.7.1 over vl3."));
    assertThat(requireTeam.workloads()).containsExactly(Map.entry("red", 1));
    assertThat(nsm.dataPlane().links()).as("no kernel interface is made").isEmpty();

    client.close(connection);

    assertThat(agent.state()).isEmpty();
    assertThat(requireTeam.workloads()).isEmpty();
    assertThat(nse.status().bindings()).isZero();
  }

  @Test
  void whatVppRefuses_isToldToTheWorkload_andNothingIsTaken() {
    agent.refuse(item -> item.name().endsWith(".web-1"), "VPPApiError: No such entity (-6)");

    assertThatThrownBy(() -> client.request(workload(Map.of("team", "red", "podName", "web-1"))))
        .isInstanceOf(EndpointException.class)
        .hasMessageContaining("No such entity");
    assertThat(agent.state()).isEmpty();
    assertThat(requireTeam.workloads()).isEmpty();
    assertThat(nse.status().bindings()).isZero();
  }

  @Test
  void workloadWithoutTeam_isRefused_andVppIsToldNothing() {
    assertThatThrownBy(() -> client.request(workload(Map.of()))).hasMessageContaining("no team");
    assertThat(agent.calls("Update")).isZero();
  }

  private static ConnectionRequest workload(Map<String, String> labels) {
    return new ConnectionRequest(
        Connection.to(TeamNse.SERVICE).withLabels(labels),
        List.of(Mechanism.local(Mechanism.MEMIF, Map.of())));
  }
}
