package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.failure.EndpointException;
import io.vl3.ipam.AddressingMode;
import io.vl3.net.IpAddress;
import io.vl3.vpp.VppStatus.State;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An endpoint without IPv4, in a table of its own, where a NAT address is set all the same. */
class Ipv6OnlyTest {

  private final VppRig rig =
      new VppRig(
          VppSettings.of("nse-a").withVrf(7).withNatAddress(IpAddress.parse("203.0.113.5")),
          AddressingMode.POINT_TO_POINT,
          "2001:db8::/48");

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void link_runsInItsTable_andIsBackAfterARestart_andLeavesNothing() throws EndpointException {
    Connection web = rig.workload("web-1");
    String before = rig.state();
    assertThat(before)
        .contains("vrf 7 IPV6", " vrf 7 addresses 2001:db8:", "/128 up")
        .doesNotContain("PENDING", "IPV4");
    rig.killAgent();
    rig.agent.disableNat(); // which an agent that is started again cannot take over
    rig.reviveAgent();
    rig.timer.advance(Duration.ofSeconds(11));
    assertThat(rig.state()).isEqualTo(before);
    assertThat(rig.plane.status().state()).isEqualTo(State.UP);
    rig.close(web);
    assertThat(rig.state()).isEmpty();
  }

  @Test
  void portForward_isRefused_namingTheLabel() {
    assertThatThrownBy(() -> rig.workload("web-1", Map.of("nat-port-forward-web", "80")))
        .hasMessageContaining("labels.nat-port-forward-web: '80' (expected: an IPv4 address");
    assertThat(rig.state()).isEmpty();
    assertThat(rig.sockets.size()).isZero();
  }
}
