package com.example.nse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.endpoint.EndpointException;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.NsmClient;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TeamNseTest {

  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  private TeamNse nse;
  private NsmClient client;

  @BeforeEach
  void start() throws Exception {
    nse =
        nsm.closing(
            new TeamNse(
                nsm.runtime(),
                nsm.access().registry(),
                nsm.urlFor("team-1"),
                "team-1",
                IpPrefix.parse("10.60.0.0/16"),
                IpPrefix.parse("10.60.7.0/24"),
                TeamLinks.kernel("team-1")));
    client = nsm.client("workload");
  }

  @Test
  void workloadWithTeam_getsAddressAndRoute_isCountedUntilItCloses() throws Exception {
    Connection connection =
        client.request(EmbeddedManagerExtension.workload(TeamNse.SERVICE, Map.of("team", "red")));

    assertThat(connection.ip().clientAddresses())
        .containsExactly(InterfaceAddress.parse("10.60.7.1/30"));
    assertThat(connection.ip().clientRoutes())
        .anyMatch(route -> route.destination().equals(IpPrefix.parse("10.60.0.0/16")));
    assertThat(nsm.dataPlane().links()).hasSize(1);
    assertThat(nse.workloads()).containsExactly(Map.entry("red", 1));

    client.close(connection);

    assertThat(nse.workloads()).isEmpty();
    assertThat(nse.addressHolders()).isZero();
    assertThat(nsm.dataPlane().links()).isEmpty();
  }

  @Test
  void workloadWithoutTeam_isRefusedByName_andNothingIsTaken() {
    assertThatThrownBy(
            () -> client.request(EmbeddedManagerExtension.workload(TeamNse.SERVICE, Map.of())))
        .isInstanceOf(EndpointException.class)
        .hasMessageContaining("no team");
    assertThat(nse.workloads()).isEmpty();
    assertThat(nse.addressHolders()).isZero();
    assertThat(nsm.dataPlane().links()).isEmpty();
  }
}
