package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.connection.Route;
import io.vl3.failure.EndpointException;
import io.vl3.ipam.AddressingMode;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.vpp.testing.FakeAgent.Call;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What VPP looks like after each thing that can happen to an NSE. */
class GoldenStateTest {

  private static final String WEB =
      """
      memif vl3.6d6kmbsr.2msi3jd5kd18qoh5.web-1 master IP socket /run/vl3/memif/nse-a-0.sock ring 512 rx [INTERRUPT] queues 1/1 addresses 10.60.232.2/32 up
      route 10.60.232.1/32 via 10.60.232.1 over vl3.6d6kmbsr.2msi3jd5kd18qoh5.web-1
      """;

  private static final String DIALLED =
      """
      loopback vl3.6d6kmbsr.shdtdh6voo8akhqr.loopback addresses 10.60.232.0/32 up
      memif vl3.6d6kmbsr.81g53kj5nd1bi1q1.peer-nse-b slave IP socket abstract:vl3/nse-b-0,netns_name=/proc/77/fd/9 ring 512 rx [INTERRUPT] queues 1/1 unnumbered of vl3.6d6kmbsr.shdtdh6voo8akhqr.loopback up
      route 10.60.7.0/24 via 10.60.7.0 over vl3.6d6kmbsr.81g53kj5nd1bi1q1.peer-nse-b
      route 10.60.7.0/32 via 10.60.7.0 over vl3.6d6kmbsr.81g53kj5nd1bi1q1.peer-nse-b
      """;

  private static final String DIALLING =
      """
      loopback vl3.6d6kmbsr.shdtdh6voo8akhqr.loopback addresses 10.60.232.0/32 up
      memif vl3.6d6kmbsr.2msi3jd5kd18qoh5.peer-nse-b master IP socket /run/vl3/memif/nse-a-0.sock ring 512 rx [INTERRUPT] queues 1/1 unnumbered of vl3.6d6kmbsr.shdtdh6voo8akhqr.loopback up
      route 10.60.7.0/24 via 10.60.7.0 over vl3.6d6kmbsr.2msi3jd5kd18qoh5.peer-nse-b
      route 10.60.7.0/32 via 10.60.7.0 over vl3.6d6kmbsr.2msi3jd5kd18qoh5.peer-nse-b
      """;

  @Test
  void oneWorkload_andItsClose() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      Connection web = rig.workload("web-1");
      assertThat(web.ip().clientAddresses()).hasToString("[10.60.232.1/30]");
      assertThat(web.mechanism().orElseThrow().parameters())
          .containsExactly(Map.entry("socketfile", "/run/vl3/memif/nse-a-0.sock"));
      assertThat(rig.state()).isEqualTo(WEB);
      rig.close(web);
      assertThat(rig.state()).isEmpty();
      assertThat(rig.agent.told("vl3-nse-a")).isEmpty();
      assertThat(rig.sockets.size()).isZero();
    }
  }

  @Test
  void aPeerDialled() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      rig.dial("d");
      assertThat(rig.state()).isEqualTo(DIALLED);
    }
  }

  @Test
  void aPeerThatDialsUs() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      Connection link = rig.serve(PeerAnswers.dial(rig.connection("p", "nse-b")));
      assertThat(link.ip().endpointAddresses()).hasToString("[10.60.232.0/32]");
      assertThat(rig.state()).isEqualTo(DIALLING);
    }
  }

  @Test
  void unnumberedWorkloads_shareTheLoopback() throws EndpointException {
    try (VppRig rig =
        new VppRig(VppSettings.of("nse-a"), AddressingMode.UNNUMBERED, "10.60.0.0/16")) {
      Connection one = rig.workload("web-1");
      rig.workload("web-2");
      assertThat(rig.state())
          .isEqualTo(
              """
              loopback vl3.6d6kmbsr.shdtdh6voo8akhqr.loopback addresses 10.60.232.0/32 up
              memif vl3.6d6kmbsr.2msi3jd5kd18qoh5.web-1 master IP socket /run/vl3/memif/nse-a-0.sock ring 512 rx [INTERRUPT] queues 1/1 unnumbered of vl3.6d6kmbsr.shdtdh6voo8akhqr.loopback up
              memif vl3.6d6kmbsr.vivnh84rhgpbao8g.web-2 master IP socket /run/vl3/memif/nse-a-1.sock ring 512 rx [INTERRUPT] queues 1/1 unnumbered of vl3.6d6kmbsr.shdtdh6voo8akhqr.loopback up
              route 10.60.232.1/32 via 10.60.232.1 over vl3.6d6kmbsr.2msi3jd5kd18qoh5.web-1
              route 10.60.232.2/32 via 10.60.232.2 over vl3.6d6kmbsr.vivnh84rhgpbao8g.web-2
              """);
      rig.close(one);
      assertThat(rig.state()).contains("loopback addresses").doesNotContain("web-1");
    }
  }

  @Test
  void dualStack() throws EndpointException {
    try (VppRig rig =
        new VppRig(
            VppSettings.of("nse-a").withVrf(7),
            AddressingMode.POINT_TO_POINT,
            "10.60.0.0/16",
            "2001:db8::/48")) {
      rig.workload("web-1");
      assertThat(rig.state())
          .isEqualTo(
              """
              memif vl3.6d6kmbsr.2msi3jd5kd18qoh5.web-1 master IP socket /run/vl3/memif/nse-a-0.sock ring 512 rx [INTERRUPT] queues 1/1 vrf 7 addresses 10.60.232.2/32 2001:db8:0:e800::2/128 up
              route 10.60.232.1/32 via 10.60.232.1 over vl3.6d6kmbsr.2msi3jd5kd18qoh5.web-1 vrf 7
              route 2001:db8:0:e800::1/128 via 2001:db8:0:e800::1 over vl3.6d6kmbsr.2msi3jd5kd18qoh5.web-1 vrf 7
              vrf 7 IPV4 vl3.6d6kmbsr
              vrf 7 IPV6 vl3.6d6kmbsr
              """);
    }
  }

  @Test
  void nat_insideWithForwardedPorts_andItsClose() throws EndpointException {
    VppSettings nat = VppSettings.of("nse-a").withNatAddress(IpAddress.parse("203.0.113.5"));
    try (VppRig rig = new VppRig(nat, AddressingMode.POINT_TO_POINT, "10.60.0.0/16")) {
      Connection web =
          rig.workload(
              "web-1", Map.of("nat-port-forward-tcp", "80", "nat-port-forward-dns-udp", "53"));
      rig.serve(PeerAnswers.dial(rig.connection("p", "nse-b")));
      String withPeer = rig.state();
      assertThat(withPeer.lines().filter(line -> !line.contains("peer") && !line.contains("loop")))
          .containsExactly(
              "dnat vl3.6d6kmbsr.2msi3jd5kd18qoh5.tcp-80 TCP 203.0.113.5:80 to 10.60.232.1:80",
              "dnat vl3.6d6kmbsr.2msi3jd5kd18qoh5.udp-53 UDP 203.0.113.5:53 to 10.60.232.1:53",
              WEB.lines().toList().get(0),
              "nat nat44",
              "nat-interface vl3.6d6kmbsr.2msi3jd5kd18qoh5.web-1 in",
              "nat-pool 203.0.113.5 vrf 0",
              WEB.lines().toList().get(1));
      assertThat(withPeer).as("a peer is at neither side").doesNotContain("peer-nse-b in");
      rig.close(web);
      assertThat(rig.state().lines().filter(line -> line.contains("nat"))).isEmpty();
    }
  }

  @Test
  void refresh_thatChangesARoute_sendsTheRouteAlone() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      Connection link = rig.serve(PeerAnswers.dial(rig.connection("p", "nse-b")));
      rig.agent.forgetCalls();
      rig.serve(withRoutes(link, "10.60.7.0/24", "10.60.9.0/24"));
      String more =
          "route 10.60.9.0/24 via 10.60.7.0 over vl3.6d6kmbsr.2msi3jd5kd18qoh5.peer-nse-b\n";
      assertThat(rig.state()).isEqualTo(DIALLING + more);
      rig.serve(withRoutes(link, "10.60.7.0/24"));
      assertThat(rig.state()).isEqualTo(DIALLING);
      assertThat(changing(rig)).extracting(Call::method).containsExactly("Update", "Delete");
      assertThat(changing(rig)).extracting(Call::bytes).allMatch(bytes -> bytes < 100);
      assertThat(rig.agent.interfacesCreated()).as("the loopback and the memif, once").isEqualTo(2);
    }
  }

  @Test
  void refresh_thatChangesNothing_sendsNothing() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      Connection web = rig.workload("web-1");
      rig.agent.forgetCalls();
      rig.serve(web);
      assertThat(changing(rig)).isEmpty();
    }
  }

  @Test
  void restartOfTheNse_withLiveLinks_adoptsThemAndSendsNothing() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      Connection web = rig.workload("web-1");
      Connection peer = rig.serve(PeerAnswers.dial(rig.connection("p", "nse-b")));
      String before = rig.state();
      rig.start();
      assertThat(rig.state()).as("nothing is removed at a start").isEqualTo(before);
      assertThat(rig.plane.observe()).hasSize(3).allMatch(key -> key.value().startsWith("#"));
      rig.agent.forgetCalls();
      rig.serve(peer);
      rig.serve(web);
      assertThat(rig.state()).isEqualTo(before);
      assertThat(rig.agent.calls("Update") + rig.agent.calls("Delete")).isZero();
      rig.close(rig.serve(web));
      rig.close(rig.serve(peer));
      assertThat(rig.state()).isEmpty();
    }
  }

  @Test
  void restartOfTheNse_newWorkload_takesNoSocketThatAnInterfaceHas() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      rig.workload("web-1");
      rig.start();
      Connection other = rig.workload("web-2");
      assertThat(other.mechanism().orElseThrow().parameters())
          .containsEntry("socketfile", "/run/vl3/memif/nse-a-1.sock");
      assertThat(rig.state())
          .as("it was given the address of the other, which nobody has asked for yet")
          .contains("web-2 master", "10.60.232.2/32")
          .doesNotContain("web-1");
      rig.workload("web-1");
      assertThat(rig.state()).contains("web-1 master", "10.60.232.6/32");
    }
  }

  @Test
  void longNamesThatDifferAtTheEnd_areToldApartByAReader() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      String pod = "frontend-of-the-shop-in-production-7d4b9c6f5d-";
      rig.workload("w-1", Map.of("podName", pod + "x2k9p"));
      rig.workload("w-2", Map.of("podName", pod + "q8w4z"));
      assertThat(rig.state())
          .isEqualTo(
              """
              memif vl3.6d6kmbsr.2msi3jd5kd18qoh5.frontend-of-the-~7d4b9c6f5d-x2k9p master IP socket /run/vl3/memif/nse-a-0.sock ring 512 rx [INTERRUPT] queues 1/1 addresses 10.60.232.2/32 up
              memif vl3.6d6kmbsr.vivnh84rhgpbao8g.frontend-of-the-~7d4b9c6f5d-q8w4z master IP socket /run/vl3/memif/nse-a-1.sock ring 512 rx [INTERRUPT] queues 1/1 addresses 10.60.232.6/32 up
              route 10.60.232.1/32 via 10.60.232.1 over vl3.6d6kmbsr.2msi3jd5kd18qoh5.frontend-of-the-~7d4b9c6f5d-x2k9p
              route 10.60.232.5/32 via 10.60.232.5 over vl3.6d6kmbsr.vivnh84rhgpbao8g.frontend-of-the-~7d4b9c6f5d-q8w4z
              """);
    }
  }

  @Test
  void thousandLinksAndOneMore_costTheSame() throws EndpointException {
    try (VppRig rig =
        new VppRig(VppSettings.of("nse-a"), AddressingMode.POINT_TO_POINT, "10.0.0.0/8")) {
      List<Call> first = callsOf(rig, "w-10000");
      for (int i = 10001; i < 11001; i++) {
        rig.workload("w-" + i);
      }
      rig.close(rig.workload("w-10000"));
      String others = rig.state();
      assertThat(rig.plane.status().links()).isEqualTo(1000);
      List<Call> last = callsOf(rig, "w-10000");
      assertThat(last).isEqualTo(first).hasSize(1);
      assertThat(rig.state().lines()).containsAll(others.lines().toList()).hasSize(2002);
      assertThat(rig.agent.socketNames()).isEqualTo(1001);
    }
  }

  @Test
  void oneBadPort_refusesThatRequestAloneAndNamesTheLabel() throws EndpointException {
    VppSettings nat = VppSettings.of("nse-a").withNatAddress(IpAddress.parse("203.0.113.5"));
    try (VppRig rig = new VppRig(nat, AddressingMode.POINT_TO_POINT, "10.60.0.0/16")) {
      assertThatThrownBy(() -> rig.workload("bad", Map.of("nat-port-forward-tcp", "http")))
          .hasMessage("labels.nat-port-forward-tcp: 'http' (expected: a port, 1..65535)");
      assertThat(rig.sockets.size()).isZero();
      rig.workload("web-1", Map.of("nat-port-forward-tcp", "80"));
      assertThatThrownBy(() -> rig.workload("web-2", Map.of("nat-port-forward-tcp", "80")))
          .hasMessageContaining("NAT 203.0.113.5 TCP port 80 (expected: free)")
          .hasMessageContaining("held by link");
      assertThat(rig.plane.status().links()).isEqualTo(1);
    }
  }

  private static List<Call> callsOf(VppRig rig, String workload) throws EndpointException {
    rig.agent.forgetCalls();
    rig.workload(workload);
    return changing(rig);
  }

  private static List<Call> changing(VppRig rig) {
    return rig.agent.calls();
  }

  private static Connection withRoutes(Connection link, String... routes) {
    return link.withIp(
        link.ip()
            .withRoutes(
                link.ip().clientRoutes(),
                Stream.of(routes).map(IpPrefix::parse).map(Route::to).toList()));
  }
}
