package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.ligato.vpp.ConfigData;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.cli.assembly.Node;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.dataplane.LinkKey;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.nsm.NsmClient;
import io.vl3.vpp.AskMemif;
import io.vl3.vpp.internal.OwnerNames;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two {@code vl3 run} with VPP, each with an agent of its own, and a workload with MEMIF: what the
 * file and the environment say of the data plane is what VPP runs, and nothing of it is left.
 */
@RequiresNetns
class VppRunTest {

  /** Every key has a value that is not the default. */
  private static final String CONFIG =
      """
      endpoints:
      - name: vpp-service
        nseName: %s
        vl3:
          ipam: {defaultPrefixPool: 10.60.0.0/16, prefixIndex: %d}
      dataplane:
        type: vpp-agent
        address: 127.0.0.1:%d
        vrf: 7
        memif: {ringSize: 2048, rxMode: adaptive, rxQueues: 2, txQueues: 3, mtu: 1400, socketDirectory: %s}
        nat: {address: 198.51.100.1}
        leftovers: {graceSeconds: 0}
      """;

  /** Beats the file's address. */
  private static final Map<String, String> NAT = Map.of("NSE_NAT_IP", "203.0.113.5");

  private static final String ONE =
      """
      dnat vl3.umd0126q.ID.udp-53 UDP 203.0.113.5:53 to 10.60.1.1:53
      loopback vl3.umd0126q.ID.loopback vrf 7 addresses 10.60.1.0/32 up
      memif vl3.umd0126q.ID.peer-two %s IP socket DIRECTORY/sockets/%s.sock ring 2048 rx [ADAPTIVE] queues 2/3 vrf 7 unnumbered of vl3.umd0126q.ID.loopback up
      memif vl3.umd0126q.ID.web-1 master IP socket DIRECTORY/sockets/one-0.sock ring 2048 rx [ADAPTIVE] queues 2/3 vrf 7 addresses 10.60.1.2/32 up
      nat nat44
      nat-interface vl3.umd0126q.ID.web-1 in
      nat-pool 203.0.113.5 vrf 7
      route 10.60.1.1/32 via 10.60.1.1 over vl3.umd0126q.ID.web-1 vrf 7
      route 10.60.2.0/24 via 10.60.2.0 over vl3.umd0126q.ID.peer-two vrf 7
      route 10.60.2.0/32 via 10.60.2.0 over vl3.umd0126q.ID.peer-two vrf 7
      vrf 7 IPV4 vl3.umd0126q
      """;

  private static final String TWO =
      """
      loopback vl3.77q5kg21.ID.loopback vrf 7 addresses 10.60.2.0/32 up
      memif vl3.77q5kg21.ID.peer-one %s IP socket DIRECTORY/sockets/%s.sock ring 2048 rx [ADAPTIVE] queues 2/3 vrf 7 unnumbered of vl3.77q5kg21.ID.loopback up
      route 10.60.1.0/24 via 10.60.1.0 over vl3.77q5kg21.ID.peer-one vrf 7
      route 10.60.1.0/32 via 10.60.1.0 over vl3.77q5kg21.ID.peer-one vrf 7
      vrf 7 IPV4 vl3.77q5kg21
      """;

  @TempDir private Path directory;

  @Test
  void whatTheFileAndTheEnvironmentSay_isWhatVppRuns_andNothingIsLeft() throws Exception {
    FakeAgent one = new FakeAgent();
    FakeAgent two = new FakeAgent();
    leaveBehind(one, "one");
    try (Machine machine = new Machine(directory);
        FakeAgentServer agentOfOne = FakeAgentServer.onPort(one, 0);
        FakeAgentServer agentOfTwo = FakeAgentServer.onPort(two, 0)) {
      Vl3Process runOne = machine.run("one", config("one", 1, agentOfOne), NAT);
      Vl3Process runTwo;
      try (Node node = Node.join(machine.runDirectory(), Optional.empty());
          NsmClient workload = workload(node)) {
        Connection attached = workload.request(ConnectionRequest.of(web()));
        assertThat(attached.context().mtuBytes()).isEqualTo(1400);
        runTwo = machine.run("two", config("two", 2, agentOfTwo), NAT);
        awaitLinked(one, two);
      }
      runTwo.stop();
      assertThat(two.state()).isEmpty();
      Wait.until(60, one::state, () -> one.state().isEmpty());
      runOne.stop();
    }
    assertThat(one.told("vl3-one")).isEmpty();
    assertThat(two.told("vl3-two")).isEmpty();
    assertThat(files("vl3")).containsExactly("journal");
    assertThat(files("sockets")).isEmpty();
  }

  /** An interface of an earlier life, which is in nobody's way. */
  private static void leaveBehind(FakeAgent agent, String owner) {
    String name = new OwnerNames(owner).interfaceName(new LinkKey("earlier"), "earlier");
    Interface loopback =
        Interface.newBuilder().setName(name).setType(Interface.Type.SOFTWARE_LOOPBACK).build();
    agent.push("vl3-" + owner, ConfigData.newBuilder().addInterfaces(loopback).build());
    assertThat(agent.state()).contains("earlier");
  }

  private static NsmClient workload(Node node) {
    return NsmClient.builder(node.runtime(), node.manager(), "nsc")
        .element(new AskMemif(Optional.empty()))
        .build();
  }

  private static Connection web() {
    return Connection.to("vpp-service")
        .withLabels(Map.of("podName", "web-1", "nat-port-forward-udp-dns", "53"));
  }

  private String config(String name, int index, FakeAgentServer agent) {
    return CONFIG.formatted(name, index, agent.port(), directory.resolve("sockets"));
  }

  /**
   * The later registered dials, so that its end is the slave. Only where that takes it ten seconds
   * it is the other way round.
   */
  private void awaitLinked(FakeAgent one, FakeAgent two) throws Exception {
    Wait.until(
        60,
        () -> "linked:\n" + state(one) + "\n" + state(two),
        () ->
            areLinked(one, two, "master", "slave", "one-1")
                || areLinked(one, two, "slave", "master", "two-0"));
  }

  private boolean areLinked(
      FakeAgent one, FakeAgent two, String roleOfOne, String roleOfTwo, String socket) {
    return state(one).equals(ONE.formatted(roleOfOne, socket))
        && state(two).equals(TWO.formatted(roleOfTwo, socket));
  }

  /** Without what differs from run to run: links' ids, and where the sockets are. */
  private String state(FakeAgent agent) {
    return agent
        .state()
        .replaceAll("(vl3\\.[0-9a-v]{8}\\.)[0-9a-v]{16}", "$1ID")
        .replace(directory.toString(), "DIRECTORY")
        .lines()
        .sorted()
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private List<String> files(String name) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(name))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
