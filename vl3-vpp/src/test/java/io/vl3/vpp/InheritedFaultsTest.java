package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.connection.Connection;
import io.vl3.failure.EndpointException;
import io.vl3.ipam.AddressingMode;
import io.vl3.net.IpAddress;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.testing.FakeAgent.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What earlier implementations got wrong with VPP, each fault by its name. */
class InheritedFaultsTest {

  @Test
  void oneGrowingConfigurationIsNotSentWholeWithEachRequest() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      List<Integer> bytes = new ArrayList<>();
      for (int n = 10; n < 60; n++) {
        rig.agent.forgetCalls();
        rig.workload("web-" + n);
        assertThat(changes(rig)).hasSize(1);
        bytes.add(changes(rig).get(0).bytes());
      }
      assertThat(bytes.get(49))
          .as("names and addresses vary by a few")
          .isLessThan(bytes.get(0) + 9);
    }
  }

  @Test
  void oneBadClientsDuplicateKeyDoesNotFailItNorLaterRequests() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      Connection peer = PeerAnswers.dial(rig.connection("p", "nse-b"));
      var twice = new ArrayList<>(peer.ip().endpointRoutes());
      twice.addAll(peer.ip().endpointRoutes());
      rig.serve(peer.withIp(peer.ip().withRoutes(peer.ip().clientRoutes(), twice)));
      rig.workload("web-1");
      assertThat(rig.state().lines())
          .doesNotHaveDuplicates()
          .filteredOn(line -> line.startsWith("route 10.60.7.0/24"))
          .hasSize(1);
      assertThat(rig.state()).contains("web-1 master");
    }
  }

  @Test
  void aFailedUpdateIsNotAnsweredByDeletingEverybody() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      rig.workload("web-1");
      rig.workload("web-2");
      String before = rig.state();
      int made = rig.agent.interfacesCreated();
      rig.agent.refuse(item -> item.name().endsWith(".bad"), "VPPApiError: No such entity (-6)");
      assertThatThrownBy(() -> rig.workload("bad")).hasMessageContaining("No such entity");
      assertThat(rig.state()).isEqualTo(before);
      assertThat(rig.agent.interfacesCreated()).as("nobody was made anew").isEqualTo(made);
    }
  }

  @Test
  void noResetWipesAHealthyVppAtTheStart() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      rig.agent.foreign(
          Interface.newBuilder()
              .setName("by-hand")
              .setType(Interface.Type.SOFTWARE_LOOPBACK)
              .build());
      rig.workload("web-1");
      String before = rig.state();
      rig.agent.forgetCalls();
      rig.start();
      assertThat(rig.state()).isEqualTo(before).contains("by-hand", "web-1");
      assertThat(changes(rig)).isEmpty();
    }
  }

  @Test
  void interfaceNamesDoNotCollideAcrossNamespaces() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      for (String namespace : List.of("blue", "red")) {
        rig.serve(
            rig.connection("id-" + namespace, "web-1")
                .withLabels(Map.of("podName", "web-1", "namespace", namespace)));
      }
      assertThat(rig.agent.running())
          .extracting(Item::name)
          .filteredOn(name -> name.endsWith(".web-1") && name.startsWith("vl3."))
          .doesNotHaveDuplicates()
          .hasSize(2);
    }
  }

  @Test
  void addressesAndSocketsDoNotLeakWhenVppRefusesAtTheEnd() throws EndpointException {
    try (VppRig rig = VppRig.original()) {
      rig.agent.refuse(item -> item.name().endsWith(".bad"), "VPPApiError: No such entity (-6)");
      for (int n = 0; n < 70; n++) {
        Connection bad = rig.connection("bad-" + n, "bad");
        assertThatThrownBy(() -> rig.serve(bad))
            .as("not for want of addresses")
            .hasMessageContaining("No such entity");
      }
      assertThat(rig.sockets.size()).isZero();
      assertThat(rig.workload("web-1").ip().clientAddresses())
          .as("the first of the 64 that there are")
          .hasToString("[10.60.232.1/30]");
    }
  }

  @Test
  void addressesAlwaysHaveALength() throws EndpointException {
    VppSettings nat = VppSettings.of("nse-a").withNatAddress(IpAddress.parse("203.0.113.5"));
    for (AddressingMode mode : AddressingMode.values()) {
      try (VppRig rig = new VppRig(nat, mode, "10.60.0.0/16", "2001:db8::/48")) {
        rig.workload("web-1", Map.of("nat-port-forward-tcp", "80"));
        List<String> told = new ArrayList<>();
        for (Item item : rig.agent.told("vl3-nse-a")) {
          if (item.message() instanceof Interface face) {
            told.addAll(face.getIpAddressesList());
          }
        }
        assertThat(told).isNotEmpty().allMatch(address -> address.matches("[^/]+/[0-9]+"));
      }
    }
  }

  private static List<Call> changes(VppRig rig) {
    return rig.agent.calls().stream()
        .filter(call -> call.method().equals("Update") || call.method().equals("Delete"))
        .toList();
  }
}
