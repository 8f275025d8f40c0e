package com.example.nse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.Mechanism;
import io.vl3.failure.EndpointException;
import io.vl3.links.KernelInterfaces;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import io.vl3.nse.NsmEdge;
import io.vl3.nse.Vl3Nse;
import io.vl3.nsm.NsmClient;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two of our endpoints, and one as {@code vl3 run} has it, in one network. */
class TeamNseTest {

  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  private final RequireTeam requireTeam = new RequireTeam();
  private Vl3Nse nse;
  private NsmClient client;

  @BeforeEach
  void start() throws Exception {
    nse = ours("team-1", 7, requireTeam);
    client = nsm.client("workload");
  }

  @Test
  void ourEndpoints_andAPlainOne_linkUpWithEachOther() throws Exception {
    Vl3Nse second = ours("team-2", 8, new RequireTeam());
    Vl3Nse plain =
        nsm.closing(
            Vl3Nse.builder(nsm.runtime(), "plain", TeamNse.SERVICE)
                .nsm(edge("plain"))
                .links(new KernelInterfaces("file:///run/netns/plain"))
                .pool(IpPrefix.parse("10.60.0.0/16"))
                .prefix(IpPrefix.parse("10.60.9.0/24"))
                .start());

    Peers.await(nse, "plain", "team-2");
    Peers.await(second, "plain", "team-1");
    Peers.await(plain, "team-1", "team-2");
    assertThat(nse.status().bindings()).as("a peer takes no addresses").isZero();
    assertThat(requireTeam.workloads()).as("a peer has no team").isEmpty();
    assertThat(nsm.dataPlane().links()).hasSize(3);
  }

  @Test
  void workloadWithTeam_getsAddressAndRoute_isCountedUntilItCloses() throws Exception {
    Connection connection = client.request(workload(Map.of("team", "red")));

    assertThat(connection.ip().clientAddresses())
        .containsExactly(InterfaceAddress.parse("10.60.7.1/30"));
    assertThat(connection.ip().clientRoutes())
        .anyMatch(route -> route.destination().equals(IpPrefix.parse("10.60.0.0/16")));
    assertThat(nsm.dataPlane().links()).hasSize(1);
    assertThat(requireTeam.workloads()).containsExactly(Map.entry("red", 1));

    client.close(connection);

    assertThat(requireTeam.workloads()).isEmpty();
    assertThat(nse.status().bindings()).isZero();
    assertThat(nsm.dataPlane().links()).isEmpty();
  }

  @Test
  void workloadWithoutTeam_isRefusedByName_andNothingIsTaken() {
    assertThatThrownBy(() -> client.request(workload(Map.of())))
        .isInstanceOf(EndpointException.class)
        .hasMessageContaining("no team");
    assertThat(requireTeam.workloads()).isEmpty();
    assertThat(nse.status().bindings()).isZero();
    assertThat(nsm.dataPlane().links()).isEmpty();
  }

  private Vl3Nse ours(String name, int third, RequireTeam element) throws Exception {
    Vl3Nse started =
        nsm.closing(
            TeamNse.builder(
                    nsm.runtime(),
                    edge(name),
                    name,
                    IpPrefix.parse("10.60." + third + ".0/24"),
                    new KernelInterfaces("file:///run/netns/" + name),
                    element)
                .start());
    started.registered().toCompletableFuture().join();
    return started;
  }

  private NsmEdge edge(String name) {
    return NsmEdge.v1(nsm.runtime(), nsm.access(), nsm.urlFor(name));
  }

  private static ConnectionRequest workload(Map<String, String> labels) {
    return new ConnectionRequest(
        Connection.to(TeamNse.SERVICE).withEndpointName("team-1").withLabels(labels),
        List.of(
            Mechanism.local(
                Mechanism.KERNEL, Map.of(Mechanism.INODE_URL, "file:///run/netns/workload"))));
  }
}
