package io.vl3.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.cli.ExitCode;
import io.vl3.cli.Vl3;
import io.vl3.cli.assembly.Admin;
import io.vl3.cli.assembly.Node;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.links.InstalledLinks;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.nsm.NsmClient;
import io.vl3.status.WorkloadView;
import io.vl3.vpp.AskMemif;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.testing.FakeAgent;
import io.vl3.vpp.testing.FakeAgentServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Two {@code vl3 run} with VPP, each with an agent of its own and a workload with MEMIF: what an
 * operator does to them, and sees of them. The machine's manager is the test's: it stays.
 */
@RequiresNetns
class VppChangesTest {

  private static final String SERVICE = "vpp-changes";

  @TempDir private Path directory;

  private final FakeAgent agentOfOne = new FakeAgent();
  private final FakeAgent agentOfTwo = new FakeAgent();
  private final String one = Machine.unique("change1-");
  private final String two = Machine.unique("change2-");
  private String printed = "";

  @Test
  void aReloadAndARestart_leaveLinksInVppAsTheyAre_andTheEndLeavesNothing() throws Exception {
    try (Machine machine = new Machine(directory);
        FakeAgentServer first = FakeAgentServer.onPort(agentOfOne, 0);
        FakeAgentServer second = FakeAgentServer.onPort(agentOfTwo, 0);
        Node node = Node.join(machine.runDirectory(), Optional.empty())) {
      Vl3Process runOne = machine.run(one, config(one, 1, first, ""));
      Vl3Process runTwo = machine.run(two, config(two, 2, second, ""));
      try (NsmClient client = client(node, "web-1")) {
        Connection web = client.request(ConnectionRequest.of(workload(one)));
        awaitLinked();
        String before = states();
        int made = interfacesCreated();

        Files.writeString(
            directory.resolve(one + ".yaml"), config(one, 1, first, ", nameServers: [10.9.9.9]"));
        assertThat(vl3(machine, "reload", one)).as(printed).isZero();
        assertThat(printed).contains("nameServers: [10.9.9.9] (was [])");
        assertThat(states()).isEqualTo(before);

        Wait.until(
            () -> "all are restarted: " + printed,
            () ->
                vl3(machine, "restart", SERVICE, "--timeout", "110s") != ExitCode.DEGRADED.value());
        String told = printed;
        var unused = vl3(machine, "status");
        assertThat(told).as(printed).contains(one + ": restarted in ", two + ": restarted in ");
        assertThat(states()).isEqualTo(before);
        assertThat(interfacesCreated()).as("made anew").isEqualTo(made);
        Connection again = client.request(ConnectionRequest.of(web));
        assertThat(again.ip().clientAddresses()).isEqualTo(web.ip().clientAddresses());
        assertThat(states()).isEqualTo(before);
      }
      runOne.stop();
      runTwo.stop();
    }
    assertThat(states()).isEmpty();
  }

  @Test
  @SuppressWarnings("try") // the admin service is only held
  void path_namesTheHopOfARouteThatWasDeletedByHand() throws Exception {
    try (Machine machine = new Machine(directory);
        FakeAgentServer first = FakeAgentServer.onPort(agentOfOne, 0);
        FakeAgentServer second = FakeAgentServer.onPort(agentOfTwo, 0);
        Node node = Node.join(machine.runDirectory(), Optional.empty())) {
      machine.run(one, config(one, 1, first, ""));
      machine.run(two, config(two, 2, second, ""));
      try (NsmClient atOne = client(node, "web-1");
          NsmClient atTwo = client(node, "web-2")) {
        List<WorkloadView> workloads =
            List.of(
                new Seen("web-1", atOne.request(ConnectionRequest.of(workload(one)))),
                new Seen("web-2", atTwo.request(ConnectionRequest.of(workload(two)))));
        try (Admin admin = Admin.open(node, "client", all -> all.withWorkloads(() -> workloads))) {
          awaitPath(machine, "web-1 to 10.60.2.", ": arrives");

          // Refused from now on, so that the NSE does not put it back.
          agentOfTwo.refuse(item -> leadsTo(item, "10.60.1.0/24"), "refused by the test");
          agentOfTwo.vanish(item -> leadsTo(item, "10.60.1.0/24"));
          awaitPath(machine, "web-1 to 10.60.2.", ": arrives");
          assertThat(vl3(machine, "path", "web-2", "web-1")).as(printed).isNotZero();
          assertThat(printed)
              .contains("%s: the route to 10.60.1.0/24 by ".formatted(two))
              .contains(" is missing, which its link to %s asks for".formatted(one));

          agentOfTwo.refuseNothing();
          Wait.until(() -> "mended: " + printed, () -> vl3(machine, "path", "web-2", "web-1") == 0);
        }
      }
    }
  }

  private void awaitPath(Machine machine, String from, String end) throws Exception {
    Wait.until(
        () -> "arrives: " + printed,
        () ->
            vl3(machine, "path", "web-1", "web-2") == 0
                && printed.contains(from)
                && printed.contains(end));
  }

  private static boolean leadsTo(Item item, String prefix) {
    return item.message() instanceof Route route && route.getDstNetwork().equals(prefix);
  }

  /** A workload whose interface is in a VPP that nobody can look into. */
  private record Seen(String name, Connection connection) implements WorkloadView {

    @Override
    public Status status() {
      return new Status(name, "", "memif", SERVICE, Optional.of(connection), Optional.empty());
    }

    @Override
    public InstalledLinks installed() throws EndpointException {
      throw new EndpointException(Reason.UNAVAILABLE, name + ": in a VPP of its own");
    }
  }

  private void awaitLinked() throws Exception {
    Wait.until(
        60,
        () -> "linked:\n" + states(),
        () ->
            agentOfOne.running().stream().anyMatch(item -> leadsTo(item, "10.60.2.0/24"))
                && agentOfTwo.running().stream().anyMatch(item -> leadsTo(item, "10.60.1.0/24")));
  }

  private String states() {
    return agentOfOne.state() + agentOfTwo.state();
  }

  private int interfacesCreated() {
    return agentOfOne.interfacesCreated() + agentOfTwo.interfacesCreated();
  }

  /** A workload whose packets pass: VPP forwards without its NSE. */
  private static NsmClient client(Node node, String name) {
    return NsmClient.builder(node.runtime(), node.manager(), name)
        .probe(connection -> true)
        .element(new AskMemif(Optional.empty()))
        .build();
  }

  private static Connection workload(String nse) {
    return Connection.to(SERVICE).withEndpointName(nse).withLabels(Map.of("podName", "web"));
  }

  private int vl3(Machine machine, String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine line = Vl3.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(out));
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--run-dir";
    all[arguments.length + 1] = machine.runDirectory().toString();
    int code = line.execute(all);
    printed = out.toString().replaceAll("\\s+", " ");
    return code;
  }

  private String config(String name, int index, FakeAgentServer agent, String more) {
    return """
    endpoints:
    - name: %s
      nseName: %s
      vl3: {ipam: {defaultPrefixPool: 10.60.0.0/16, prefixIndex: %d}%s}
    dataplane:
      type: vpp-agent
      address: 127.0.0.1:%d
      memif: {socketDirectory: %s}
    """
        .formatted(SERVICE, name, index, more, agent.port(), directory.resolve("sockets"));
  }
}
